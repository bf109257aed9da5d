package dev.thimble.testing;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.LeakyReluOptionsT;
import org.tensorflow.lite.schema.TensorType;

/**
 * For every elementwise TFLite operator, a model of it alone: of float32, or of int8 where it takes
 * that, else of int32 or booleans.
 */
final class TfliteElementwiseSamples {
  private static final float SCALE = 0.5f;
  private static final int ZERO_POINT = 3;

  private final boolean floats;
  private final Map<Integer, TfliteWriter> models = new TreeMap<>();

  TfliteElementwiseSamples(boolean floats) {
    this.floats = floats;
    ofOne();
    ofTwo();
    choices();
  }

  /** The models by codes of {@link BuiltinOperator}. */
  Map<Integer, TfliteWriter> models() {
    return models;
  }

  private void ofOne() {
    for (int builtin :
        List.of(
            BuiltinOperator.ABS,
            BuiltinOperator.CEIL,
            BuiltinOperator.COS,
            BuiltinOperator.ELU,
            BuiltinOperator.EXP,
            BuiltinOperator.FLOOR,
            BuiltinOperator.GELU,
            BuiltinOperator.HARD_SWISH,
            BuiltinOperator.LOG,
            BuiltinOperator.NEG,
            BuiltinOperator.RELU_0_TO_1,
            BuiltinOperator.ROUND,
            BuiltinOperator.RSQRT,
            BuiltinOperator.SIGN,
            BuiltinOperator.SIN,
            BuiltinOperator.SQRT,
            BuiltinOperator.SQUARE)) {
      put(builtin, model("in", "out"), "in");
    }
    TfliteWriter tanh = model("in", "out");
    put(
        BuiltinOperator.TANH,
        floats ? tanh : tanh.quantization("out", 0, new float[] {1f / 128}, new long[1]),
        "in");
    put(BuiltinOperator.LOGICAL_NOT, plain(TensorType.BOOL, TensorType.BOOL), "in");
    put(
        BuiltinOperator.CAST,
        floats
            ? plain(TensorType.FLOAT32, TensorType.INT32)
            : plain(TensorType.INT32, TensorType.FLOAT32),
        "in");
    LeakyReluOptionsT options = new LeakyReluOptionsT();
    options.setAlpha(0.125f);
    models.put(
        BuiltinOperator.LEAKY_RELU,
        model("in", "out")
            .operator(
                BuiltinOperator.LEAKY_RELU,
                BuiltinOptions.LeakyReluOptions,
                options,
                List.of("in"),
                List.of("out")));
  }

  private void ofTwo() {
    for (int builtin :
        List.of(
            BuiltinOperator.ADD_N,
            BuiltinOperator.MAXIMUM,
            BuiltinOperator.MINIMUM,
            BuiltinOperator.PRELU,
            BuiltinOperator.SQUARED_DIFFERENCE,
            BuiltinOperator.SUB)) {
      put(builtin, model("in", "in2", "out"), "in", "in2");
    }
    byte number = floats ? TensorType.FLOAT32 : TensorType.INT32;
    for (int builtin :
        List.of(
            BuiltinOperator.DIV,
            BuiltinOperator.FLOOR_DIV,
            BuiltinOperator.FLOOR_MOD,
            BuiltinOperator.POW)) {
      put(builtin, plain(number, number), "in", "in");
    }
    for (int builtin : List.of(BuiltinOperator.BITWISE_XOR, BuiltinOperator.RIGHT_SHIFT)) {
      put(builtin, plain(TensorType.INT32, TensorType.INT32), "in", "in");
    }
    for (int builtin : List.of(BuiltinOperator.LOGICAL_AND, BuiltinOperator.LOGICAL_OR)) {
      put(builtin, plain(TensorType.BOOL, TensorType.BOOL), "in", "in");
    }
  }

  private void choices() {
    for (int builtin :
        List.of(
            BuiltinOperator.EQUAL,
            BuiltinOperator.GREATER,
            BuiltinOperator.GREATER_EQUAL,
            BuiltinOperator.LESS,
            BuiltinOperator.LESS_EQUAL,
            BuiltinOperator.NOT_EQUAL)) {
      TfliteWriter writer = model("in", "in2").tensor("out", TensorType.BOOL, 1, 3, 4, 2);
      put(builtin, writer.output("out"), "in", "in2");
    }
    for (int builtin : List.of(BuiltinOperator.SELECT, BuiltinOperator.SELECT_V2)) {
      TfliteWriter writer = model("in", "in2", "out");
      writer.tensor("condition", TensorType.BOOL, 1, 3, 4, 2).input("condition");
      put(builtin, writer, "condition", "in", "in2");
    }
  }

  private void put(int builtin, TfliteWriter writer, String... operands) {
    models.put(builtin, writer.operator(builtin, List.of(operands), List.of("out")));
  }

  /** Tensors of these names, inputs but for one called {@code out}. */
  private TfliteWriter model(String... names) {
    TfliteWriter writer = new TfliteWriter();
    for (String name : names) {
      if (floats) {
        writer.float32(name, 1, 3, 4, 2);
      } else {
        writer.int8(name, SCALE, ZERO_POINT, 1, 3, 4, 2);
      }
      if (name.equals("out")) {
        writer.output(name);
      } else {
        writer.input(name);
      }
    }
    return writer;
  }

  private static TfliteWriter plain(byte in, byte out) {
    return new TfliteWriter()
        .tensor("in", in, 1, 3, 4, 2)
        .input("in")
        .tensor("out", out, 1, 3, 4, 2)
        .output("out");
  }
}
