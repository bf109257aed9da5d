package dev.thimble.testing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.Padding;

/** For every TFLite operator that is imported, a float32 model of that operator alone. */
public final class TfliteSamples {
  private static final byte NONE = ActivationFunctionType.NONE;
  private static final List<String> IN = List.of("in");
  private static final List<String> OUT = List.of("out");

  private TfliteSamples() {}

  /** The models by codes of {@link BuiltinOperator}. */
  public static Map<Integer, TfliteWriter> all() {
    Map<Integer, TfliteWriter> all = new HashMap<>();
    for (int builtin :
        List.of(
            BuiltinOperator.LOGISTIC,
            BuiltinOperator.RELU,
            BuiltinOperator.RELU6,
            BuiltinOperator.RELU_N1_TO_1)) {
      all.put(builtin, anyOperator(builtin));
    }
    all.put(BuiltinOperator.ADD, map(1, 4, 4, 2).add("in", "in", "out", NONE));
    all.put(BuiltinOperator.SOFTMAX, map(1, 4, 4, 2).softmax("in", "out", 1));
    for (int builtin : List.of(BuiltinOperator.AVERAGE_POOL_2D, BuiltinOperator.MAX_POOL_2D)) {
      all.put(builtin, map(1, 2, 2, 2).pool(builtin, "in", "out", 2, 2, Padding.VALID));
    }
    filters(all);
    shapes(all);
    types(all);
    return all;
  }

  private static void filters(Map<Integer, TfliteWriter> all) {
    all.put(
        BuiltinOperator.CONV_2D,
        filtered(3, 1, 1, 2).conv2d("in", "filter", "-", "out", 1, Padding.VALID, NONE));
    all.put(
        BuiltinOperator.DEPTHWISE_CONV_2D,
        filtered(1, 1, 1, 2).depthwiseConv2d("in", "filter", "-", "out", 1, Padding.VALID, NONE));
    all.put(
        BuiltinOperator.FULLY_CONNECTED,
        filtered(3, 2).fullyConnected("in", "filter", "-", "out", true, NONE));
  }

  private static void shapes(Map<Integer, TfliteWriter> all) {
    all.put(BuiltinOperator.RESHAPE, map(32).operator(BuiltinOperator.RESHAPE, IN, OUT));
    all.put(BuiltinOperator.SQUEEZE, map(4, 4, 2).operator(BuiltinOperator.SQUEEZE, IN, OUT));
    all.put(
        BuiltinOperator.EXPAND_DIMS,
        map(1, 1, 4, 4, 2)
            .int32("axis")
            .data("axis", 1)
            .operator(BuiltinOperator.EXPAND_DIMS, List.of("in", "axis"), OUT));
    all.put(
        BuiltinOperator.MEAN,
        map(1, 2).int32("axes", 2).data("axes", 1, 2).mean("in", "axes", "out", false));
    all.put(
        BuiltinOperator.PAD,
        padded().operator(BuiltinOperator.PAD, List.of("in", "paddings"), OUT));
    all.put(
        BuiltinOperator.PADV2,
        padded()
            .float32("value")
            .data("value", 1f)
            .operator(BuiltinOperator.PADV2, List.of("in", "paddings", "value"), OUT));
  }

  private static void types(Map<Integer, TfliteWriter> all) {
    all.put(
        BuiltinOperator.QUANTIZE,
        new TfliteWriter()
            .float32("in", 2)
            .input("in")
            .int8("out", 1, 0, 2)
            .output("out")
            .operator(BuiltinOperator.QUANTIZE, IN, OUT));
    all.put(
        BuiltinOperator.DEQUANTIZE,
        new TfliteWriter()
            .int8("in", 1, 0, 2)
            .input("in")
            .float32("out", 2)
            .output("out")
            .operator(BuiltinOperator.DEQUANTIZE, IN, OUT));
  }

  /** An operator of one input and one output of the same shape. */
  public static TfliteWriter anyOperator(int builtin) {
    return map(1, 4, 4, 2).operator(builtin, IN, OUT);
  }

  /** An input [1,4,4,2] and an output of the given shape. */
  private static TfliteWriter map(int... output) {
    return new TfliteWriter()
        .float32("in", 1, 4, 4, 2)
        .input("in")
        .float32("out", output)
        .output("out");
  }

  private static TfliteWriter filtered(int... filter) {
    int elements = 1;
    for (int extent : filter) {
      elements *= extent;
    }
    int channels = Math.max(filter[0], 2);
    return map(1, 4, 4, channels).float32("filter", filter).data("filter", new float[elements]);
  }

  private static TfliteWriter padded() {
    return map(1, 5, 4, 2).int32("paddings", 4, 2).data("paddings", 0, 0, 1, 0, 0, 0, 0, 0);
  }
}
