package dev.thimble.conformance;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.thimble.graph.Evaluator;
import dev.thimble.importer.GivenConstant;
import dev.thimble.importer.ImportOptions;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.IoInfo;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.Recording;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One of ONNX's own tests of its backends: a model, inputs, and the outputs that are right. The
 * tests give filters, shapes and axes as inputs, which real models have as constants; those inputs
 * are given to the importer as constants here. What a case computes with float64 is computed with
 * float32.
 */
final class OnnxCase {
  private static final double RELATIVE = 1e-3;
  private static final double ABSOLUTE = 1e-7;

  /** Operators to the operands that real models have as constants. */
  private static final Map<String, Set<Integer>> CONSTANT =
      Map.ofEntries(
          Map.entry("BatchNormalization", Set.of(1, 2, 3, 4)),
          Map.entry("Compress", Set.of(1)),
          Map.entry("ConstantOfShape", Set.of(0)),
          Map.entry("Conv", Set.of(1, 2)),
          Map.entry("ConvInteger", Set.of(1, 2, 3)),
          Map.entry("ConvTranspose", Set.of(1, 2)),
          Map.entry("CumSum", Set.of(1)),
          Map.entry("DequantizeLinear", Set.of(1, 2)),
          Map.entry("Dropout", Set.of(1, 2)),
          Map.entry("Expand", Set.of(1)),
          Map.entry("GRU", Set.of(1, 2, 3, 4)),
          Map.entry("If", Set.of(0)),
          Map.entry("InstanceNormalization", Set.of(1, 2)),
          Map.entry("LSTM", Set.of(1, 2, 3, 4, 7)),
          Map.entry("LayerNormalization", Set.of(1, 2)),
          Map.entry("MatMulInteger", Set.of(2, 3)),
          Map.entry("OneHot", Set.of(1)),
          Map.entry("Pad", Set.of(1, 2, 3)),
          Map.entry("QLinearConv", Set.of(1, 2, 3, 4, 5, 6, 7, 8)),
          Map.entry("QLinearMatMul", Set.of(1, 2, 4, 5, 6, 7)),
          Map.entry("QuantizeLinear", Set.of(1, 2)),
          Map.entry("RNN", Set.of(1, 2, 3, 4)),
          Map.entry("Range", Set.of(0, 1, 2)),
          Map.entry("ReduceL1", Set.of(1)),
          Map.entry("ReduceL2", Set.of(1)),
          Map.entry("ReduceLogSum", Set.of(1)),
          Map.entry("ReduceLogSumExp", Set.of(1)),
          Map.entry("ReduceMax", Set.of(1)),
          Map.entry("ReduceMean", Set.of(1)),
          Map.entry("ReduceMin", Set.of(1)),
          Map.entry("ReduceProd", Set.of(1)),
          Map.entry("ReduceSum", Set.of(1)),
          Map.entry("ReduceSumSquare", Set.of(1)),
          Map.entry("Reshape", Set.of(1)),
          Map.entry("Resize", Set.of(1, 2, 3)),
          Map.entry("ReverseSequence", Set.of(1)),
          Map.entry("Slice", Set.of(1, 2, 3, 4)),
          Map.entry("Split", Set.of(1)),
          Map.entry("Squeeze", Set.of(1)),
          Map.entry("Tile", Set.of(1)),
          Map.entry("TopK", Set.of(1)),
          Map.entry("Trilu", Set.of(1)),
          Map.entry("Unsqueeze", Set.of(1)),
          Map.entry("Upsample", Set.of(1)));

  private final String name;
  private final Path folder;
  private final List<TensorProto> inputs = new ArrayList<>();
  private final ImportedModel model;

  /** The case has data that no graph can hold. */
  static final class OtherDataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OtherDataException(String message) {
      super(message);
    }
  }

  /** Imports a case. Throws {@link dev.thimble.importer.ModelException} for what is refused. */
  OnnxCase(Path folder) throws IOException {
    this.folder = folder;
    this.name = folder.getFileName().toString();
    ModelProto file = ModelProto.parseFrom(Files.readAllBytes(folder.resolve("model.onnx")));
    GraphProto graph = file.getGraph();
    if (file.toString().contains("elem_type: 16")) {
      throw new OtherDataException("the case has bfloat16 as data of type uint16");
    }
    Path path = folder.resolve("model.onnx");
    Recording recording = Recording.beside(path);
    Map<String, GivenConstant> given = new LinkedHashMap<>();
    for (String input : constants(graph)) {
      recording.constant(input, true).ifPresent(constant -> given.put(input, constant));
    }
    ImportOptions options = ImportOptions.DEFAULTS.withConstants(given).withNarrow(true);
    this.model = ModelImporter.read(path, options);
    for (IoInfo input : model.inputs()) {
      Path data = recording.inputs().get(input.value().name());
      if (data != null) {
        inputs.add(TensorProto.parseFrom(Files.readAllBytes(data)));
      }
    }
  }

  private static Set<String> constants(GraphProto graph) {
    Set<String> constants = new HashSet<>();
    for (NodeProto node : graph.getNodeList()) {
      for (int i : CONSTANT.getOrDefault(node.getOpType(), Set.of())) {
        if (i < node.getInputCount()) {
          constants.add(node.getInput(i));
        }
      }
    }
    return constants;
  }

  private Path data(String file) {
    return folder.resolve("test_data_set_0").resolve(file + ".pb");
  }

  String name() {
    return name;
  }

  ImportedModel model() {
    return model;
  }

  /** The inputs as the graph takes them. */
  List<Tensor> sample() {
    List<Tensor> sample = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      sample.add(model.inputs().get(i).ofSource(tensor(inputs.get(i))));
    }
    return sample;
  }

  /** What is wrong with the reference evaluation's outputs, if anything. */
  Optional<String> evaluated() throws IOException {
    List<Tensor> outputs = Evaluator.outputs(model.program().entry(), sample(), Rounding.DOUBLE);
    for (int i = 0; i < outputs.size(); i++) {
      TensorProto expected = TensorProto.parseFrom(Files.readAllBytes(data("output_" + i)));
      Optional<String> wrong =
          difference(
              model.outputs().get(i).toSource(outputs.get(i)),
              tensor(expected),
              expected.getDimsList());
      if (wrong.isPresent()) {
        int output = i;
        return wrong.map(what -> "output " + output + ": " + what);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> difference(Tensor got, Tensor expected, List<Long> dims) {
    if (!got.type().equals(expected.type())) {
      return Optional.of("type " + got.type() + ", not " + expected.type() + " " + dims);
    }
    for (int i = 0; i < got.type().elements(); i++) {
      boolean same =
          got.type().isFloat()
              ? close(got.floats()[i], expected.floats()[i])
              : got.longs()[i] == expected.longs()[i];
      if (!same) {
        return Optional.of(
            "element "
                + i
                + " is "
                + (got.type().isFloat() ? got.floats()[i] : got.longs()[i])
                + ", not "
                + (got.type().isFloat() ? expected.floats()[i] : expected.longs()[i]));
      }
    }
    return Optional.empty();
  }

  private static boolean close(float got, float expected) {
    return got == expected
        || (Float.isNaN(got) && Float.isNaN(expected))
        || Math.abs((double) got - expected) <= ABSOLUTE + RELATIVE * Math.abs((double) expected);
  }

  /** A tensor of the test's data, read without the importer's code. */
  private static Tensor tensor(TensorProto proto) {
    int[] dims = proto.getDimsList().stream().mapToInt(Long::intValue).toArray();
    if (proto.getDimsList().contains(0L)) {
      throw new OtherDataException("the case has data without elements");
    }
    Shape shape = Shape.of(dims);
    ByteBuffer raw = proto.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    int count = shape.elements();
    boolean stored = proto.hasRawData();
    TensorProto.DataType type = TensorProto.DataType.forNumber(proto.getDataType());
    if (type == TensorProto.DataType.FLOAT
        || type == TensorProto.DataType.DOUBLE
        || type == TensorProto.DataType.FLOAT16
        || type == TensorProto.DataType.BFLOAT16) {
      float[] floats = new float[count];
      for (int i = 0; i < count; i++) {
        floats[i] =
            switch (type) {
              case DOUBLE -> (float) (stored ? raw.getDouble(8 * i) : proto.getDoubleData(i));
              case FLOAT -> stored ? raw.getFloat(4 * i) : proto.getFloatData(i);
              case FLOAT16 ->
                  Float.float16ToFloat(
                      stored ? raw.getShort(2 * i) : (short) proto.getInt32Data(i));
              default ->
                  Float.intBitsToFloat(
                      (stored ? raw.getShort(2 * i) : proto.getInt32Data(i)) << 16);
            };
      }
      return Tensor.ofFloats(TensorType.of(DType.FLOAT32, shape), floats);
    }
    long[] longs = new long[count];
    for (int i = 0; i < count; i++) {
      longs[i] =
          switch (type) {
            case INT64 -> stored ? raw.getLong(8 * i) : proto.getInt64Data(i);
            case INT32 -> stored ? raw.getInt(4 * i) : proto.getInt32Data(i);
            case UINT32 ->
                stored ? Integer.toUnsignedLong(raw.getInt(4 * i)) : proto.getUint64Data(i);
            case INT16 -> stored ? raw.getShort(2 * i) : proto.getInt32Data(i);
            case UINT16 ->
                stored ? Short.toUnsignedInt(raw.getShort(2 * i)) : proto.getInt32Data(i);
            case INT8 -> stored ? raw.get(i) : proto.getInt32Data(i);
            case UINT8, BOOL -> stored ? Byte.toUnsignedInt(raw.get(i)) : proto.getInt32Data(i);
            default -> throw new OtherDataException("the case has data of type " + type);
          };
    }
    return Tensor.ofLongs(TensorType.of(DType.valueOf(type.name()), shape), longs);
  }
}
