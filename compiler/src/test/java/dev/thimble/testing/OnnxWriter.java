package dev.thimble.testing;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.Random;

/** Writes small ONNX models. An extent of 0 is written as one of unknown size. */
public final class OnnxWriter {
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("graph");
  private final Random random = new Random(7);
  private long opset = 17;

  /** Says in which version of the operators the model is written. */
  public OnnxWriter opset(long version) {
    opset = version;
    return this;
  }

  /** An input of float32. */
  public OnnxWriter input(String name, long... dims) {
    return input(name, TensorProto.DataType.FLOAT, dims);
  }

  /** An input of a type. */
  public OnnxWriter input(String name, TensorProto.DataType type, long... dims) {
    graph.addInput(info(name, type, dims));
    return this;
  }

  /** An output, whose type the file leaves open. */
  public OnnxWriter output(String name) {
    graph.addOutput(ValueInfoProto.newBuilder().setName(name));
    return this;
  }

  private static ValueInfoProto info(String name, TensorProto.DataType type, long... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dim : dims) {
      TensorShapeProto.Dimension.Builder each = TensorShapeProto.Dimension.newBuilder();
      shape.addDim(dim == 0 ? each.setDimParam("n") : each.setDimValue(dim));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }

  /** A constant of random floats. */
  public OnnxWriter floats(String name, long... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT_VALUE);
    long count = 1;
    for (long dim : dims) {
      tensor.addDims(dim);
      count *= dim;
    }
    for (long i = 0; i < count; i++) {
      tensor.addFloatData(random.nextFloat() - 0.5f);
    }
    return constant(tensor.build());
  }

  /** A constant of these floats. */
  public OnnxWriter numbers(String name, List<Long> dims, float... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addAllDims(dims);
    for (float value : values) {
      tensor.addFloatData(value);
    }
    return constant(tensor.build());
  }

  /** A constant of integers of a type that holds them as int32. */
  public OnnxWriter stored(String name, TensorProto.DataType type, List<Long> dims, int... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(type.getNumber()).addAllDims(dims);
    for (int value : values) {
      tensor.addInt32Data(value);
    }
    return constant(tensor.build());
  }

  /** A constant list of int64. */
  public OnnxWriter integers(String name, long... numbers) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addDims(numbers.length);
    for (long number : numbers) {
      tensor.addInt64Data(number);
    }
    return constant(tensor.build());
  }

  /** A constant. */
  public OnnxWriter constant(TensorProto tensor) {
    graph.addInitializer(tensor);
    return this;
  }

  /** A node named after its output. */
  public OnnxWriter node(
      String op, List<String> inputs, String output, AttributeProto... attributes) {
    return foreign("", op, inputs, output, attributes);
  }

  /** A node with several outputs, named after the first. */
  public OnnxWriter node(String op, List<String> inputs, List<String> outputs) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(op)
            .setName(outputs.getFirst())
            .addAllInput(inputs)
            .addAllOutput(outputs));
    return this;
  }

  /** A node of another domain. */
  public OnnxWriter foreign(
      String domain, String op, List<String> inputs, String output, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setDomain(domain)
            .setOpType(op)
            .setName(output)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(List.of(attributes)));
    return this;
  }

  /** An attribute of integers. */
  public static AttributeProto ints(String name, long... numbers) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long number : numbers) {
      attribute.addInts(number);
    }
    return attribute.build();
  }

  /** An attribute of one integer. */
  public static AttributeProto integer(String name, long number) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.INT)
        .setI(number)
        .build();
  }

  /** The model. */
  public ModelProto model() {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(graph)
        .build();
  }

  /** The model's bytes. */
  public byte[] bytes() {
    return model().toByteArray();
  }

  /** A network of the usual kind: convolution, pool, flatten, dense. */
  public static OnnxWriter lenet() {
    return new OnnxWriter()
        .input("x", 0, 2, 8, 6)
        .floats("filter", 4, 2, 3, 3)
        .floats("bias", 4)
        .node("Conv", List.of("x", "filter", "bias"), "conv", ints("pads", 1, 1, 1, 1))
        .node("Relu", List.of("conv"), "relu")
        .node("MaxPool", List.of("relu"), "pool", ints("kernel_shape", 2, 2), ints("strides", 2, 2))
        .node("Flatten", List.of("pool"), "flat")
        .floats("weights", 48, 5)
        .floats("offsets", 5)
        .node("Gemm", List.of("flat", "weights", "offsets"), "dense")
        .node("Softmax", List.of("dense"), "y")
        .output("y");
  }
}
