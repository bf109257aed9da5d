package dev.thimble.exporter;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.lite.schema.Buffer;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.BuiltinOptionsUnion;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.OperatorCode;
import org.tensorflow.lite.schema.OperatorCodeT;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.QuantizationParametersT;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.SubGraphT;
import org.tensorflow.lite.schema.TensorT;

/**
 * The content of a .tflite file in the making: tensors by their index, operators in order. Source:
 * TensorFlow Lite schema, version 3.
 */
final class TfliteFile {
  private static final int SCHEMA = 3;

  /** How constants are aligned in the file, which interpreters read in place. */
  private static final int ALIGNMENT = 16;

  private final List<TensorT> tensors = new ArrayList<>();

  /** The data of constants; buffer 0 stands for tensors without data. */
  private final List<byte[]> buffers = new ArrayList<>(List.of(new byte[0]));

  private final Map<Code, Integer> codes = new LinkedHashMap<>();
  private final List<OperatorT> operators = new ArrayList<>();

  /** An operator as the file's table of operators has it. */
  private record Code(int builtin, int version) {}

  /** Adds a tensor that the network computes or is given; returns its index. */
  int tensor(String name, TensorType type) {
    TensorT tensor = new TensorT();
    tensor.setName(name);
    tensor.setType(code(type.dtype()));
    tensor.setShape(type.shape().dims().clone());
    switch (type.quant()) {
      case QuantParams.None n -> {}
      case QuantParams.PerTensor p ->
          tensor.setQuantization(
              quantization(0, new float[] {p.scale()}, new long[] {p.zeroPoint()}));
      case QuantParams.PerChannel p ->
          tensor.setQuantization(
              quantization(p.axis(), floats(p.scales()), new long[p.scales().size()]));
    }
    tensors.add(tensor);
    return tensors.size() - 1;
  }

  /** Adds a constant; returns its index. */
  int constant(String name, Tensor data) {
    int index = tensor(name, data.type());
    buffers.add(TensorBytes.of(data));
    tensors.get(index).setBuffer(buffers.size() - 1);
    return index;
  }

  /** Adds a constant of int8 from -8 to 7 as int4: two in a byte, the first in the lower bits. */
  int nibbles(String name, Tensor data) {
    int index = tensor(name, data.type());
    byte[] bytes = new byte[(data.type().elements() + 1) / 2];
    int[] elements = data.ints();
    for (int i = 0; i < elements.length; i++) {
      bytes[i / 2] |= (byte) ((elements[i] & 15) << (i % 2 * 4));
    }
    buffers.add(bytes);
    tensors.get(index).setBuffer(buffers.size() - 1);
    tensors.get(index).setType(org.tensorflow.lite.schema.TensorType.INT4);
    return index;
  }

  /** Gives a tensor a scale, or one for each entry of its only axis, and zero points of 0. */
  void scales(int tensor, float... scales) {
    tensors.get(tensor).setQuantization(quantization(0, scales, new long[scales.length]));
  }

  private static QuantizationParametersT quantization(int axis, float[] scales, long[] zeros) {
    QuantizationParametersT quantization = new QuantizationParametersT();
    quantization.setScale(scales);
    quantization.setZeroPoint(zeros);
    quantization.setQuantizedDimension(axis);
    return quantization;
  }

  private static float[] floats(List<Float> list) {
    float[] array = new float[list.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = list.get(i);
    }
    return array;
  }

  /**
   * Adds an operator.
   *
   * @param kind of the options, as {@link BuiltinOptions} numbers them
   * @param options the options' table; null for none
   */
  void operator(
      int builtin, int version, byte kind, @Nullable Object options, int[] inputs, int output) {
    operator(builtin, version, kind, options, inputs, new int[] {output});
  }

  /** Adds an operator with several outputs. */
  void operator(
      int builtin, int version, byte kind, @Nullable Object options, int[] inputs, int[] outputs) {
    OperatorT operator = new OperatorT();
    Code code = new Code(builtin, version);
    Integer known = codes.putIfAbsent(code, codes.size());
    operator.setOpcodeIndex(known == null ? codes.size() - 1 : known);
    operator.setInputs(inputs);
    operator.setOutputs(outputs);
    operator.setCustomOptions(null);
    if (options != null) {
      BuiltinOptionsUnion union = new BuiltinOptionsUnion();
      union.setType(kind);
      union.setValue(options);
      operator.setBuiltinOptions(union);
    }
    operators.add(operator);
  }

  /** The file, of a network with these inputs and outputs. */
  byte[] bytes(String name, int[] inputs, int[] outputs) {
    FlatBufferBuilder builder = new FlatBufferBuilder();
    SubGraphT graph = new SubGraphT();
    graph.setName(name);
    graph.setTensors(tensors.toArray(new TensorT[0]));
    graph.setInputs(inputs);
    graph.setOutputs(outputs);
    graph.setOperators(operators.toArray(new OperatorT[0]));
    int[] data = buffers.stream().mapToInt(bytes -> buffer(builder, bytes)).toArray();
    int buffersAt = Model.createBuffersVector(builder, data);
    int graphsAt = Model.createSubgraphsVector(builder, new int[] {SubGraph.pack(builder, graph)});
    int codesAt = Model.createOperatorCodesVector(builder, codes(builder));
    int description = builder.createString("Thimble");
    Model.finishModelBuffer(
        builder,
        Model.createModel(builder, SCHEMA, codesAt, graphsAt, description, buffersAt, 0, 0, 0));
    return builder.sizedByteArray();
  }

  private int[] codes(FlatBufferBuilder builder) {
    return codes.keySet().stream()
        .mapToInt(each -> {
          OperatorCodeT code = new OperatorCodeT();
          code.setBuiltinCode(each.builtin());
          code.setDeprecatedBuiltinCode((byte) Math.min(each.builtin(), Byte.MAX_VALUE));
          code.setVersion(each.version());
          return OperatorCode.pack(builder, code);
        })
        .toArray();
  }

  private static int buffer(FlatBufferBuilder builder, byte[] bytes) {
    int data = 0;
    if (bytes.length > 0) {
      builder.startVector(1, bytes.length, ALIGNMENT);
      // A vector is written from its end.
      for (int i = bytes.length - 1; i >= 0; i--) {
        builder.addByte(bytes[i]);
      }
      data = builder.endVector();
    }
    Buffer.startBuffer(builder);
    if (data != 0) {
      Buffer.addData(builder, data);
    }
    return Buffer.endBuffer(builder);
  }

  private static byte code(DType type) {
    return switch (type) {
      case FLOAT32 -> org.tensorflow.lite.schema.TensorType.FLOAT32;
      case INT8 -> org.tensorflow.lite.schema.TensorType.INT8;
      case UINT8 -> org.tensorflow.lite.schema.TensorType.UINT8;
      case INT16 -> org.tensorflow.lite.schema.TensorType.INT16;
      case UINT16 -> org.tensorflow.lite.schema.TensorType.UINT16;
      case INT32 -> org.tensorflow.lite.schema.TensorType.INT32;
      case UINT32 -> org.tensorflow.lite.schema.TensorType.UINT32;
      case INT64 -> org.tensorflow.lite.schema.TensorType.INT64;
      case BOOL -> org.tensorflow.lite.schema.TensorType.BOOL;
    };
  }
}
