package dev.thimble.importer.keras;

import dev.thimble.op.Op;
import dev.thimble.op.Parametric;
import dev.thimble.op.Unary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The functions of one element that activations name. */
final class Functions {
  private static final float SELU_ALPHA = 1.6732632f;
  private static final float SELU_SCALE = 1.050701f;

  private static final Map<String, List<Supplier<Op>>> OPS = ops();

  private Functions() {}

  /** The ops of a function, one after the other; nothing where the name is unknown. */
  static Optional<List<Supplier<Op>>> ops(ModelFile file, String name) {
    if (name.equals("hard_sigmoid")) {
      return Optional.of(List.of(() -> hardSigmoid(file)));
    }
    return Optional.ofNullable(OPS.get(name));
  }

  /** The names, as messages list them. */
  static String names() {
    return "hard_sigmoid, " + String.join(", ", OPS.keySet());
  }

  /** Keras 3 changed the slope. */
  private static Op hardSigmoid(ModelFile file) {
    return new Parametric(Parametric.Function.HARD_SIGMOID, hardSlope(file), 0.5f);
  }

  static float hardSlope(ModelFile file) {
    return file.keras3() ? 1f / 6 : 0.2f;
  }

  private static Map<String, List<Supplier<Op>>> ops() {
    Map<String, List<Supplier<Op>>> ops = new TreeMap<>();
    unary(ops, "relu", Unary.Function.RELU);
    unary(ops, "relu6", Unary.Function.RELU6);
    unary(ops, "sigmoid", Unary.Function.SIGMOID);
    unary(ops, "tanh", Unary.Function.TANH);
    unary(ops, "gelu", Unary.Function.GELU);
    unary(ops, "swish", Unary.Function.SILU);
    unary(ops, "silu", Unary.Function.SILU);
    unary(ops, "mish", Unary.Function.MISH);
    unary(ops, "softplus", Unary.Function.SOFTPLUS);
    unary(ops, "softsign", Unary.Function.SOFTSIGN);
    unary(ops, "exponential", Unary.Function.EXP);
    unary(ops, "hard_silu", Unary.Function.HARD_SWISH);
    unary(ops, "hard_swish", Unary.Function.HARD_SWISH);
    parametric(ops, "elu", Parametric.Function.ELU, 1, 0);
    parametric(ops, "selu", Parametric.Function.SELU, SELU_ALPHA, SELU_SCALE);
    parametric(ops, "celu", Parametric.Function.CELU, 1, 0);
    parametric(ops, "leaky_relu", Parametric.Function.LEAKY_RELU, 0.2f, 0);
    parametric(ops, "hard_tanh", Parametric.Function.CLIP, -1, 1);
    parametric(ops, "hard_shrink", Parametric.Function.SHRINK, 0.5f, 0);
    parametric(ops, "soft_shrink", Parametric.Function.SHRINK, 0.5f, 0.5f);
    ops.put(
        "log_sigmoid",
        List.of(
            () -> new Unary(Unary.Function.NEG),
            () -> new Unary(Unary.Function.SOFTPLUS),
            () -> new Unary(Unary.Function.NEG)));
    return ops;
  }

  private static void unary(
      Map<String, List<Supplier<Op>>> ops, String name, Unary.Function function) {
    ops.put(name, List.of(() -> new Unary(function)));
  }

  private static void parametric(
      Map<String, List<Supplier<Op>>> ops,
      String name,
      Parametric.Function function,
      float alpha,
      float beta) {
    ops.put(name, List.of(() -> new Parametric(function, alpha, beta)));
  }
}
