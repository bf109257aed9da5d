package dev.thimble.testing;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.Padding;

/** For every TFLite operator that is imported, a model of that operator alone, in both types. */
public final class TfliteSamples {
  private static final byte NONE = ActivationFunctionType.NONE;
  private static final float SCALE = 0.5f;
  private static final int ZERO_POINT = 3;

  private final boolean floats;
  private final Map<Integer, TfliteWriter> models = new TreeMap<>();

  private TfliteSamples(boolean floats) {
    this.floats = floats;
    elementwise();
    models.putAll(new TfliteElementwiseSamples(floats).models());
    filters();
    shapes();
    conversions();
    recurrent();
    RecurrentSamples.addTo(models, floats);
    MovementSamples.put(floats, models);
  }

  /** The models by codes of {@link BuiltinOperator}: float32, or int8 throughout. */
  public static Map<Integer, TfliteWriter> models(boolean floats) {
    return new TfliteSamples(floats).models;
  }

  /** A float32 model of an operator of one input, which need not be imported. */
  public static TfliteWriter anyOperator(int builtin) {
    return new TfliteWriter()
        .float32("in", 1, 4, 4, 2)
        .input("in")
        .float32("out", 1, 4, 4, 2)
        .output("out")
        .operator(builtin, List.of("in"), List.of("out"));
  }

  private void elementwise() {
    models.put(BuiltinOperator.ADD, map(1, 4, 4, 2).add("in", "in", "out", NONE));
    models.put(BuiltinOperator.MUL, map(1, 4, 4, 2).mul("in", "in", "out", NONE));
    for (int builtin :
        List.of(BuiltinOperator.RELU, BuiltinOperator.RELU6, BuiltinOperator.RELU_N1_TO_1)) {
      unary(builtin, map(1, 4, 4, 2));
    }
    unary(BuiltinOperator.LOGISTIC, probabilities());
    models.put(BuiltinOperator.SOFTMAX, probabilities().softmax("in", "out", 1));
    for (int builtin : List.of(BuiltinOperator.AVERAGE_POOL_2D, BuiltinOperator.MAX_POOL_2D)) {
      models.put(builtin, map(1, 2, 2, 2).pool(builtin, "in", "out", 2, 2, Padding.VALID));
    }
  }

  private void filters() {
    models.put(
        BuiltinOperator.TRANSPOSE_CONV,
        filtered(3, 3, 1, 1, 2)
            .int32("shape", 4)
            .data("shape", new int[] {1, 4, 4, 3})
            .transposeConv("shape", "filter", "in", "out", 1, Padding.VALID));
    models.put(
        BuiltinOperator.BATCH_MATMUL,
        filled(map(1, 4, 4, 3), "second", 1, 1, 2, 3)
            .operator(BuiltinOperator.BATCH_MATMUL, List.of("in", "second"), List.of("out")));
    if (floats) {
      unary(BuiltinOperator.LOG_SOFTMAX, map(1, 4, 4, 2));
      unary(BuiltinOperator.L2_NORMALIZATION, map(1, 4, 4, 2));
      models.put(
          BuiltinOperator.LOCAL_RESPONSE_NORMALIZATION,
          map(1, 4, 4, 2).localResponseNormalization("in", "out"));
      int pool = BuiltinOperator.L2_POOL_2D;
      models.put(pool, map(1, 2, 2, 2).pool(pool, "in", "out", 2, 2, Padding.VALID));
    }
    models.put(
        BuiltinOperator.CONV_2D,
        filtered(3, 3, 1, 1, 2).conv2d("in", "filter", "-", "out", 1, Padding.VALID, NONE));
    models.put(
        BuiltinOperator.DEPTHWISE_CONV_2D,
        filtered(2, 1, 1, 1, 2)
            .depthwiseConv2d("in", "filter", "-", "out", 1, Padding.VALID, NONE));
    models.put(
        BuiltinOperator.FULLY_CONNECTED,
        filtered(3, 3, 2).fullyConnected("in", "filter", "-", "out", true, NONE));
  }

  private void shapes() {
    unary(BuiltinOperator.RESHAPE, map(32));
    unary(BuiltinOperator.SQUEEZE, map(4, 4, 2));
    models.put(
        BuiltinOperator.EXPAND_DIMS,
        map(1, 1, 4, 4, 2)
            .int32("axis")
            .data("axis", new int[] {1})
            .operator(BuiltinOperator.EXPAND_DIMS, List.of("in", "axis"), List.of("out")));
    models.put(
        BuiltinOperator.MEAN,
        map(1, 2).int32("axes", 2).data("axes", new int[] {1, 2}).mean("in", "axes", "out", false));
    models.put(
        BuiltinOperator.PAD,
        padded().operator(BuiltinOperator.PAD, List.of("in", "paddings"), List.of("out")));
    models.put(
        BuiltinOperator.PADV2,
        filled(padded(), "value", 1)
            .operator(BuiltinOperator.PADV2, List.of("in", "paddings", "value"), List.of("out")));
  }

  private void conversions() {
    TfliteWriter quantize = new TfliteWriter();
    tensor(quantize, "in", 2, 5).input("in").int8("out", 0.25f, -7, 2, 5).output("out");
    unary(BuiltinOperator.QUANTIZE, quantize);
    unary(
        BuiltinOperator.DEQUANTIZE,
        new TfliteWriter()
            .int8("in", SCALE, ZERO_POINT, 2, 5)
            .input("in")
            .float32("out", 2, 5)
            .output("out"));
  }

  /** Three units of rank 2 over frames of four numbers, of which five are remembered. */
  private void recurrent() {
    TfliteWriter writer = new TfliteWriter();
    tensor(writer, "in", 1, 4).input("in");
    tensor(writer, "out", 1, 3).output("out");
    symmetric(filled(writer, "over_frame", 6, 4), "over_frame");
    if (floats) {
      writer.float32("memory", 1, 30);
      filled(writer, "over_time", 6, 5);
    } else {
      short[] weights = new short[30];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (short) (i % 7 * 300 - 900);
      }
      writer.int16("memory", 0.01f, 1, 30).int16("over_time", 0.001f, 6, 5);
      writer.data("over_time", weights);
    }
    models.put(
        BuiltinOperator.SVDF,
        writer
            .variable("memory")
            .svdf("in", "over_frame", "over_time", "-", "memory", "out", 2, NONE));
  }

  private void symmetric(TfliteWriter writer, String name) {
    if (!floats) {
      writer.quantization(name, 0, new float[] {SCALE}, new long[1]);
    }
  }

  private void unary(int builtin, TfliteWriter writer) {
    models.put(builtin, writer.operator(builtin, List.of("in"), List.of("out")));
  }

  /** An input [1,4,4,2] and an output of this shape, without an operator. */
  private TfliteWriter map(int... output) {
    TfliteWriter writer = new TfliteWriter();
    tensor(writer, "in", 1, 4, 4, 2).input("in");
    return tensor(writer, "out", output).output("out");
  }

  /** The same with an output of the only quantisation that sigmoid and softmax take. */
  private TfliteWriter probabilities() {
    TfliteWriter writer = map(1, 4, 4, 2);
    return floats
        ? writer
        : writer.quantization("out", 0, new float[] {1f / 256}, new long[] {-128});
  }

  private TfliteWriter filtered(int channels, int... filter) {
    TfliteWriter writer = filled(map(1, 4, 4, channels), "filter", filter);
    return floats ? writer : writer.quantization("filter", 0, new float[] {SCALE}, new long[1]);
  }

  private TfliteWriter padded() {
    return map(1, 5, 4, 2)
        .int32("paddings", 4, 2)
        .data("paddings", new int[] {0, 0, 1, 0, 0, 0, 0, 0});
  }

  private TfliteWriter tensor(TfliteWriter writer, String name, int... shape) {
    return floats ? writer.float32(name, shape) : writer.int8(name, SCALE, ZERO_POINT, shape);
  }

  /** A constant of small numbers of both signs. */
  private TfliteWriter filled(TfliteWriter writer, String name, int... shape) {
    int elements = 1;
    for (int extent : shape) {
      elements *= extent;
    }
    byte[] bytes = new byte[elements];
    float[] numbers = new float[elements];
    for (int i = 0; i < elements; i++) {
      bytes[i] = (byte) (i % 5 - 2);
      numbers[i] = bytes[i];
    }
    tensor(writer, name, shape);
    return floats ? writer.data(name, numbers) : writer.data(name, bytes);
  }
}
