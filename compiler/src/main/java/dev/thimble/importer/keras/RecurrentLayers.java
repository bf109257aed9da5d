package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.importer.keras.LayerImport.LayerReader;
import dev.thimble.importer.layout.Permutation;
import dev.thimble.op.Gate;
import dev.thimble.op.Gru;
import dev.thimble.op.Lstm;
import dev.thimble.op.Recurrence;
import dev.thimble.op.Rnn;
import dev.thimble.op.Slice;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** SimpleRNN, LSTM and GRU. */
final class RecurrentLayers {
  private RecurrentLayers() {}

  static void list(Map<String, LayerReader> readers) {
    readers.put("SimpleRNN", RecurrentLayers::plain);
    readers.put("LSTM", RecurrentLayers::plain);
    readers.put("GRU", RecurrentLayers::plain);
  }

  /** Keras gives results in the order of the steps, which may not be that of the frames. */
  private static List<KerasTensor> plain(Layer at) {
    boolean backwards = at.config().flag(false, "go_backwards");
    Value made = recurrent(at, backwards);
    boolean sequences = at.config().flag(false, "return_sequences");
    return at.result(KerasTensor.of(backwards && sequences ? reversed(at, made) : made));
  }

  private static Value reversed(Layer at, Value value) {
    Shape shape = value.type().shape();
    List<Integer> extents = IntStream.of(shape.dims()).boxed().toList();
    return at.node(
        () -> new Slice(List.of(0, shape.dim(1) - 1, 0), extents, List.of(1, -1, 1)), value);
  }

  /** The layer's results, all of them standing where their frames do, or the last. */
  static Value recurrent(Layer at, boolean backwards) {
    refuse(at, "stateful", "layers that start anew with each run");
    refuse(at, "return_state", "layers that return their output alone");
    refuse(at, "time_major", "batches first");
    if (at.inputs().size() != 1) {
      throw new UnsupportedLayer("an initial state", "layers that start with zeros");
    }
    Layer cell = at.as(at.spec(), at.path().attribute("cell"), at.inputs());
    Value input = at.plain(at.input(3)).value();
    boolean sequences = at.config().flag(false, "return_sequences");
    Recurrence steps = new Recurrence(false, backwards, !sequences, List.of());
    return switch (at.spec().kind()) {
      case "SimpleRNN" -> simple(cell, steps, input);
      case "LSTM" -> lstm(cell, steps, input);
      case "GRU" -> gru(cell, steps, input);
      default ->
          throw new UnsupportedLayer("recurrent layer " + at.spec().kind(), "SimpleRNN, LSTM, GRU");
    };
  }

  private static void refuse(Layer at, String flag, String supported) {
    if (at.config().flag(false, flag)) {
      throw new UnsupportedLayer(flag, supported);
    }
  }

  private static Value simple(Layer at, Recurrence steps, Value input) {
    RecurrentWeights weights = RecurrentWeights.read(at, input, "");
    Gate activation = gate(at, "activation", "tanh");
    return at.node(
        () -> new Rnn(steps, activation, 0),
        input,
        weights.filter(),
        weights.recurrent(),
        weights.bias(),
        weights.zeros());
  }

  /** The file has the gates in the order i, f, g, o; the op has i, o, f, g. */
  private static Value lstm(Layer at, Recurrence steps, Value input) {
    RecurrentWeights weights = RecurrentWeights.read(at, input, "ifco", 0, 3, 1, 2);
    Gate gates = gate(at, "recurrent_activation", "sigmoid");
    Gate activation = gate(at, "activation", "tanh");
    return at.nodes(
            () -> new Lstm(steps, gates, activation, activation, 0, 0, false),
            input,
            weights.filter(),
            weights.recurrent(),
            weights.bias(),
            weights.zeros(),
            weights.zeros())
        .getFirst();
  }

  /** File and op have the gates in the order z, r, h. A second row of biases is for the state. */
  private static Value gru(Layer at, Recurrence steps, Value input) {
    RecurrentWeights weights = RecurrentWeights.read(at, input, "zrh", 0, 1, 2);
    boolean after = at.config().flag(weights.twoBiases(), "reset_after");
    Gate gates = gate(at, "recurrent_activation", "sigmoid");
    Gate activation = gate(at, "activation", "tanh");
    return at.node(
        () -> new Gru(steps, gates, activation, 0, after),
        input,
        weights.filter(),
        weights.recurrent(),
        weights.bias(),
        weights.recurrentBias(),
        weights.zeros());
  }

  /** Keras 1 called the activation of gates the inner one, and its default was another. */
  private static Gate gate(Layer at, String key, String fallback) {
    boolean old = key.equals("recurrent_activation") && at.config().get("output_dim").isPresent();
    String name = ActivationLayers.name(at, old ? "inner_activation" : key, fallback);
    return Gates.of(at.config().file(), name);
  }

  /** The transposed blocks of an array [rows, gates * H] in another order. */
  static Tensor blocks(Tensor array, int... order) {
    Tensor turned = Permutation.apply(array, List.of(1, 0));
    if (order.length < 2) {
      return turned;
    }
    int units = turned.shape().dim(0) / order.length;
    return turned.select(
        0,
        IntStream.of(order)
            .flatMap(gate -> IntStream.range(gate * units, (gate + 1) * units))
            .boxed()
            .toList());
  }
}
