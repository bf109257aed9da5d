package dev.thimble.importer.keras;

import dev.thimble.op.Gate;

/** The functions of one element that recurrent layers name, as their gates. */
final class Gates {
  private Gates() {}

  /** The function as a gate. Throws {@link UnsupportedLayer} where gates do not compute it. */
  static Gate of(ModelFile file, String name) {
    return switch (name) {
      case "linear" -> new Gate(Gate.Function.AFFINE, 1, 0);
      case "sigmoid" -> Gate.SIGMOID;
      case "tanh" -> Gate.TANH;
      case "relu" -> Gate.RELU;
      case "relu6" -> new Gate(Gate.Function.RELU6, 0, 0);
      case "elu" -> new Gate(Gate.Function.ELU, 1, 0);
      case "softsign" -> new Gate(Gate.Function.SOFTSIGN, 0, 0);
      case "softplus" -> new Gate(Gate.Function.SOFTPLUS, 0, 0);
      case "leaky_relu" -> new Gate(Gate.Function.LEAKY_RELU, 0.2f, 0);
      case "hard_sigmoid" -> new Gate(Gate.Function.HARD_SIGMOID, Functions.hardSlope(file), 0.5f);
      default ->
          throw new UnsupportedLayer(
              "activation '" + name + "' within a recurrent layer",
              "linear, sigmoid, hard_sigmoid, tanh, relu, relu6, leaky_relu, elu, softsign,"
                  + " softplus");
    };
  }
}
