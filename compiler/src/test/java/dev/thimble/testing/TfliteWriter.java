package dev.thimble.testing;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tensorflow.lite.schema.AddOptionsT;
import org.tensorflow.lite.schema.BufferT;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.BuiltinOptionsUnion;
import org.tensorflow.lite.schema.Conv2DOptionsT;
import org.tensorflow.lite.schema.DepthwiseConv2DOptionsT;
import org.tensorflow.lite.schema.FullyConnectedOptionsT;
import org.tensorflow.lite.schema.LocalResponseNormalizationOptionsT;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.ModelT;
import org.tensorflow.lite.schema.MulOptionsT;
import org.tensorflow.lite.schema.OperatorCodeT;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.Pool2DOptionsT;
import org.tensorflow.lite.schema.QuantizationParametersT;
import org.tensorflow.lite.schema.ReducerOptionsT;
import org.tensorflow.lite.schema.SVDFOptionsT;
import org.tensorflow.lite.schema.SoftmaxOptionsT;
import org.tensorflow.lite.schema.SubGraphT;
import org.tensorflow.lite.schema.TensorT;
import org.tensorflow.lite.schema.TensorType;
import org.tensorflow.lite.schema.TransposeConvOptionsT;

/**
 * Writes small TFLite models from a compact description. Tensors are named; operators name theirs.
 * A name that begins with {@code -} stands for an operand that is left out. {@link #edit} reaches
 * whatever the description does not: bad models are made with it.
 *
 * <pre>{@code
 * byte[] model = new TfliteWriter()
 *     .int8("in", 0.5f, 3, 1, 4, 4, 2).input("in")
 *     .int8("filter", 0.25f, 0, 8, 1, 1, 2).data("filter", new byte[16])
 *     .int32("bias", 8).data("bias", new int[8])
 *     .int8("out", 1f, 0, 1, 4, 4, 8).output("out")
 *     .conv2d("in", "filter", "bias", "out", 1, Padding.SAME, ActivationFunctionType.RELU)
 *     .bytes();
 * }</pre>
 */
public final class TfliteWriter {
  private final ModelT model = new ModelT();
  private final SubGraphT graph = new SubGraphT();
  private final Map<String, TensorT> tensors = new LinkedHashMap<>();
  private final List<BufferT> buffers = new ArrayList<>(List.of(new BufferT()));
  private final List<OperatorCodeT> codes = new ArrayList<>();
  private final List<OperatorT> operators = new ArrayList<>();
  private final List<String> inputs = new ArrayList<>();
  private final List<String> outputs = new ArrayList<>();
  private final List<Consumer<ModelT>> edits = new ArrayList<>();

  /** Adds a tensor of a type of {@link TensorType} without quantisation. */
  public TfliteWriter tensor(String name, byte type, int... shape) {
    TensorT tensor = new TensorT();
    tensor.setName(name);
    tensor.setType(type);
    tensor.setShape(shape);
    tensors.put(name, tensor);
    return this;
  }

  public TfliteWriter float32(String name, int... shape) {
    return tensor(name, TensorType.FLOAT32, shape);
  }

  public TfliteWriter int16(String name, float scale, int... shape) {
    return tensor(name, TensorType.INT16, shape)
        .quantization(name, 0, new float[] {scale}, new long[1]);
  }

  public TfliteWriter int32(String name, int... shape) {
    return tensor(name, TensorType.INT32, shape);
  }

  public TfliteWriter int8(String name, float scale, int zeroPoint, int... shape) {
    return tensor(name, TensorType.INT8, shape)
        .quantization(name, 0, new float[] {scale}, new long[] {zeroPoint});
  }

  /** Adds an int8 tensor with a scale for each index of {@code axis}. */
  public TfliteWriter int8PerChannel(String name, int axis, float[] scales, int... shape) {
    return tensor(name, TensorType.INT8, shape)
        .quantization(name, axis, scales, new long[scales.length]);
  }

  /** The extents that the tensor has at run time; -1 leaves one open. */
  public TfliteWriter signature(String name, int... extents) {
    tensors.get(name).setShapeSignature(extents);
    return this;
  }

  /** Gives a tensor quantisation. */
  public TfliteWriter quantization(String name, int axis, float[] scales, long[] zeroPoints) {
    QuantizationParametersT quantization = new QuantizationParametersT();
    quantization.setScale(scales);
    quantization.setZeroPoint(zeroPoints);
    quantization.setQuantizedDimension(axis);
    tensors.get(name).setQuantization(quantization);
    return this;
  }

  /** Makes a tensor constant. */
  public TfliteWriter data(String name, byte... data) {
    // An empty vector would be packed as a broken one.
    int[] bytes = new int[data.length];
    for (int i = 0; i < data.length; i++) {
      bytes[i] = Byte.toUnsignedInt(data[i]);
    }
    BufferT buffer = new BufferT();
    buffer.setData(bytes.length == 0 ? null : bytes);
    buffers.add(buffer);
    tensors.get(name).setBuffer(buffers.size() - 1);
    return this;
  }

  /** Makes an int32 tensor constant. */
  public TfliteWriter data(String name, int... data) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(data);
    return data(name, bytes.array());
  }

  /** Makes an int16 tensor constant. */
  public TfliteWriter data(String name, short... data) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asShortBuffer().put(data);
    return data(name, bytes.array());
  }

  /** Makes a float32 tensor constant. */
  public TfliteWriter data(String name, float... data) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(data);
    return data(name, bytes.array());
  }

  /** Adds an input of the graph. */
  public TfliteWriter input(String name) {
    inputs.add(name);
    return this;
  }

  /** Adds an output of the graph. */
  public TfliteWriter output(String name) {
    outputs.add(name);
    return this;
  }

  /** Changes the finished description before it is packed. */
  public TfliteWriter edit(Consumer<ModelT> edit) {
    edits.add(edit);
    return this;
  }

  public TfliteWriter conv2d(
      String input, String filter, String bias, String output, int stride, byte padding, byte act) {
    Conv2DOptionsT options = new Conv2DOptionsT();
    options.setStrideH(stride);
    options.setStrideW(stride);
    options.setPadding(padding);
    options.setFusedActivationFunction(act);
    return operator(
        BuiltinOperator.CONV_2D,
        BuiltinOptions.Conv2DOptions,
        options,
        List.of(input, filter, bias),
        List.of(output));
  }

  public TfliteWriter depthwiseConv2d(
      String input, String filter, String bias, String output, int stride, byte padding, byte act) {
    DepthwiseConv2DOptionsT options = new DepthwiseConv2DOptionsT();
    options.setStrideH(stride);
    options.setStrideW(stride);
    options.setPadding(padding);
    options.setFusedActivationFunction(act);
    return operator(
        BuiltinOperator.DEPTHWISE_CONV_2D,
        BuiltinOptions.DepthwiseConv2DOptions,
        options,
        List.of(input, filter, bias),
        List.of(output));
  }

  public TfliteWriter fullyConnected(
      String input, String filter, String bias, String output, boolean keepAxes, byte act) {
    FullyConnectedOptionsT options = new FullyConnectedOptionsT();
    options.setKeepNumDims(keepAxes);
    options.setFusedActivationFunction(act);
    return operator(
        BuiltinOperator.FULLY_CONNECTED,
        BuiltinOptions.FullyConnectedOptions,
        options,
        List.of(input, filter, bias),
        List.of(output));
  }

  public TfliteWriter add(String a, String b, String output, byte act) {
    AddOptionsT options = new AddOptionsT();
    options.setFusedActivationFunction(act);
    return operator(
        BuiltinOperator.ADD, BuiltinOptions.AddOptions, options, List.of(a, b), List.of(output));
  }

  public TfliteWriter mul(String a, String b, String output, byte act) {
    MulOptionsT options = new MulOptionsT();
    options.setFusedActivationFunction(act);
    return operator(
        BuiltinOperator.MUL, BuiltinOptions.MulOptions, options, List.of(a, b), List.of(output));
  }

  /** Adds TRANSPOSE_CONV without a bias. */
  public TfliteWriter transposeConv(
      String shape, String filter, String input, String output, int stride, byte padding) {
    TransposeConvOptionsT options = new TransposeConvOptionsT();
    options.setStrideH(stride);
    options.setStrideW(stride);
    options.setPadding(padding);
    return operator(
        BuiltinOperator.TRANSPOSE_CONV,
        BuiltinOptions.TransposeConvOptions,
        options,
        List.of(shape, filter, input),
        List.of(output));
  }

  /** Adds LOCAL_RESPONSE_NORMALIZATION of a radius of 1. */
  public TfliteWriter localResponseNormalization(String input, String output) {
    LocalResponseNormalizationOptionsT options = new LocalResponseNormalizationOptionsT();
    options.setRadius(1);
    options.setBias(1);
    options.setAlpha(0.5f);
    options.setBeta(0.75f);
    return operator(
        BuiltinOperator.LOCAL_RESPONSE_NORMALIZATION,
        BuiltinOptions.LocalResponseNormalizationOptions,
        options,
        List.of(input),
        List.of(output));
  }

  /** Adds AVERAGE_POOL_2D or MAX_POOL_2D with a square window. */
  public TfliteWriter pool(
      int builtin, String input, String output, int window, int stride, byte padding) {
    Pool2DOptionsT options = new Pool2DOptionsT();
    options.setFilterHeight(window);
    options.setFilterWidth(window);
    options.setStrideH(stride);
    options.setStrideW(stride);
    options.setPadding(padding);
    return operator(
        builtin, BuiltinOptions.Pool2DOptions, options, List.of(input), List.of(output));
  }

  public TfliteWriter mean(String input, String axes, String output, boolean keepAxes) {
    ReducerOptionsT options = new ReducerOptionsT();
    options.setKeepDims(keepAxes);
    return operator(
        BuiltinOperator.MEAN,
        BuiltinOptions.ReducerOptions,
        options,
        List.of(input, axes),
        List.of(output));
  }

  public TfliteWriter softmax(String input, String output, float beta) {
    SoftmaxOptionsT options = new SoftmaxOptionsT();
    options.setBeta(beta);
    return operator(
        BuiltinOperator.SOFTMAX,
        BuiltinOptions.SoftmaxOptions,
        options,
        List.of(input),
        List.of(output));
  }

  /** Lets a tensor keep its content from run to run. */
  public TfliteWriter variable(String name) {
    tensors.get(name).setIsVariable(true);
    return this;
  }

  /** Adds SVDF; its memory is a variable tensor. */
  public TfliteWriter svdf(
      String input,
      String overFrame,
      String overTime,
      String bias,
      String memory,
      String output,
      int rank,
      byte act) {
    SVDFOptionsT options = new SVDFOptionsT();
    options.setRank(rank);
    options.setFusedActivationFunction(act);
    return operator(
        BuiltinOperator.SVDF,
        BuiltinOptions.SVDFOptions,
        options,
        List.of(input, overFrame, overTime, bias, memory),
        List.of(output));
  }

  /** Adds an operator without options. */
  public TfliteWriter operator(int builtin, List<String> inputs, List<String> outputs) {
    return operator(builtin, BuiltinOptions.NONE, null, inputs, outputs);
  }

  /** Adds a custom operator. */
  public TfliteWriter custom(String name, List<String> inputs, List<String> outputs) {
    operator(BuiltinOperator.CUSTOM, inputs, outputs);
    codes.getLast().setCustomCode(name);
    return this;
  }

  /** Adds an operator with options of this kind of {@link BuiltinOptions}; null for none. */
  public TfliteWriter operator(
      int builtin, byte kind, @Nullable Object options, List<String> inputs, List<String> outputs) {
    OperatorCodeT code = new OperatorCodeT();
    code.setBuiltinCode(builtin);
    code.setDeprecatedBuiltinCode((byte) Math.min(builtin, Byte.MAX_VALUE));
    codes.add(code);
    OperatorT operator = new OperatorT();
    operator.setOpcodeIndex(codes.size() - 1);
    operator.setInputs(indices(inputs));
    operator.setOutputs(indices(outputs));
    operator.setCustomOptions(null);
    if (options != null) {
      BuiltinOptionsUnion union = new BuiltinOptionsUnion();
      union.setType(kind);
      union.setValue(options);
      operator.setBuiltinOptions(union);
    }
    operators.add(operator);
    return this;
  }

  /** The file. */
  public byte[] bytes() {
    graph.setName("main");
    graph.setTensors(tensors.values().toArray(new TensorT[0]));
    graph.setInputs(indices(inputs));
    graph.setOutputs(indices(outputs));
    graph.setOperators(operators.toArray(new OperatorT[0]));
    model.setVersion(3);
    model.setOperatorCodes(codes.toArray(new OperatorCodeT[0]));
    model.setSubgraphs(new SubGraphT[] {graph});
    model.setBuffers(buffers.toArray(new BufferT[0]));
    edits.forEach(edit -> edit.accept(model));
    FlatBufferBuilder builder = new FlatBufferBuilder();
    Model.finishModelBuffer(builder, Model.pack(builder, model));
    return builder.sizedByteArray();
  }

  private int[] indices(List<String> names) {
    List<String> known = List.copyOf(tensors.keySet());
    return names.stream()
        .mapToInt(name -> name.startsWith("-") ? -1 : known.indexOf(name))
        .toArray();
  }
}
