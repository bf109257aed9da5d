package dev.thimble.testing;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes small networks as ONNX's tools quantise them. */
public final class QuantizedOnnx {
  private final OnnxWriter writer = new OnnxWriter();
  private final Random random;
  private final boolean unsigned;
  private int constants;

  /** A network whose activations are uint8 or int8. */
  public QuantizedOnnx(Random random, boolean unsigned) {
    this.random = random;
    this.unsigned = unsigned;
  }

  public OnnxWriter writer() {
    return writer;
  }

  private DataType type() {
    return unsigned ? DataType.UINT8 : DataType.INT8;
  }

  private String name(String what) {
    return what + constants++;
  }

  /** A scale and a zero point, as operands. */
  public List<String> quantity(float scale, int zeroPoint) {
    String scaleName = name("scale");
    String zeroName = name("zero");
    writer.numbers(scaleName, List.of(), scale);
    writer.stored(zeroName, type(), List.of(), zeroPoint);
    return List.of(scaleName, zeroName);
  }

  /** A scale from a range and a zero point of the activations' type. */
  public List<String> anyQuantity(double largest) {
    float scale = (float) (largest * (0.5 + random.nextDouble()) / 127);
    int zeroPoint = random.nextInt(200) - 100 + (unsigned ? 128 : 0);
    return quantity(scale, zeroPoint);
  }

  /** A value quantised and dequantised; the result's name. */
  public String quantized(String value, List<String> quantity) {
    List<String> operands = new ArrayList<>(List.of(value));
    operands.addAll(quantity);
    writer.node("QuantizeLinear", operands, value + "_q");
    operands.set(0, value + "_q");
    writer.node("DequantizeLinear", operands, value + "_dq");
    return value + "_dq";
  }

  /** A value quantised and dequantised with numbers of about this size. */
  public String quantized(String value, double largest) {
    return quantized(value, anyQuantity(largest));
  }

  /** Integers of a type, of so many values around a zero point. */
  public int[] integers(int count, int from, int to) {
    return random.ints(count, from, to + 1).toArray();
  }

  /**
   * A dequantised filter: per channel along its first axis, or per tensor, then perhaps with a zero
   * point.
   */
  public String filter(boolean perChannel, boolean asymmetric, long... dims) {
    int count = 1;
    List<Long> shape = new ArrayList<>();
    for (long dim : dims) {
      count *= (int) dim;
      shape.add(dim);
    }
    String name = name("filter");
    DataType dtype = asymmetric ? DataType.UINT8 : DataType.INT8;
    int[] stored = asymmetric ? integers(count, 0, 255) : integers(count, -127, 127);
    writer.stored(name + "_q", dtype, shape, stored);
    int channels = perChannel ? (int) dims[0] : 1;
    float[] scales = new float[channels];
    int[] zeros = new int[channels];
    for (int i = 0; i < channels; i++) {
      scales[i] = 0.002f + 0.01f * random.nextFloat();
      zeros[i] = asymmetric ? 90 + random.nextInt(60) : 0;
    }
    List<Long> one = perChannel ? List.of((long) channels) : List.of();
    writer.numbers(name + "_scale", one, scales);
    writer.stored(name + "_zero", dtype, one, zeros);
    writer.node(
        "DequantizeLinear",
        List.of(name + "_q", name + "_scale", name + "_zero"),
        name,
        OnnxWriter.integer("axis", 0));
    return name;
  }

  /** A node; its output's name. */
  public String node(String op, List<String> operands, AttributeProto... attributes) {
    String output = name(op);
    writer.node(op, operands, output, attributes);
    return output;
  }

  /** A constant list of one integer; its name. */
  public String whole(int number) {
    String name = name("whole");
    writer.integers(name, number);
    return name;
  }
}
