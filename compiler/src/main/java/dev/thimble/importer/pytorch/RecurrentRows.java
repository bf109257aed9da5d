package dev.thimble.importer.pytorch;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.thimble.importer.pytorch.archive.ExportedTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Recurrent layers. PyTorch stacks layers and directions in one operator; ONNX has one operator for
 * a layer, with its gates in another order.
 */
final class RecurrentRows {
  /** For ONNX's gates in order, which of PyTorch's they are. */
  private static final List<Integer> GRU_GATES = List.of(1, 0, 2);

  private static final List<Integer> LSTM_GATES = List.of(0, 3, 1, 2);
  private static final List<Integer> RNN_GATES = List.of(0);

  private final AtenCall at;
  private final String op;
  private final List<Integer> gates;
  private final boolean hasBiases;
  private final int directions;
  private final List<String> parameters;
  private final int hidden;
  private String activation = "";
  private int next;

  private RecurrentRows(AtenCall at, String op, List<Integer> gates) {
    this.at = at;
    this.op = op;
    this.gates = gates;
    this.hasBiases = at.flag("has_biases", true);
    this.directions = at.flag("bidirectional", false) ? 2 : 1;
    this.parameters = at.values("params");
    long layers = at.integer("num_layers");
    if (layers * directions * (hasBiases ? 4 : 2) != parameters.size()) {
      throw at.unsupported(
          parameters.size() + " parameters for " + layers + " layers",
          "layers without projections");
    }
    this.hidden = Math.toIntExact(at.translation().dims(parameters.get(1)).get(1));
  }

  /** The parameters of a single step. */
  private RecurrentRows(AtenCall at, String op, List<Integer> gates, List<String> parameters) {
    this.at = at;
    this.op = op;
    this.gates = gates;
    this.hasBiases = parameters.size() == 4;
    this.directions = 1;
    this.parameters = parameters;
    this.hidden = Math.toIntExact(at.translation().dims(parameters.get(1)).get(1));
  }

  static void gruCell(AtenCall at) {
    step(at, "GRU", GRU_GATES, List.of(at.value("hx")));
  }

  static void lstmCell(AtenCall at) {
    step(at, "LSTM", LSTM_GATES, at.values("hx"));
  }

  /** A sequence of one step, whose last states are the results. */
  private static void step(AtenCall at, String op, List<Integer> gates, List<String> states) {
    List<String> parameters = new ArrayList<>(List.of(at.value("w_ih"), at.value("w_hh")));
    if (at.has("b_ih") && at.has("b_hh")) {
      parameters.addAll(List.of(at.value("b_ih"), at.value("b_hh")));
    }
    if (at.rank("input") != 2) {
      throw at.unsupported("a step without a batch", "inputs of two axes");
    }
    RecurrentRows rows = new RecurrentRows(at, op, gates, parameters);
    String first = at.longs(List.of(0L));
    List<String> inputs =
        new ArrayList<>(List.of(at.step("Unsqueeze", List.of(at.x("input"), first))));
    inputs.addAll(rows.weights());
    inputs.add("");
    for (String state : states) {
      inputs.add(at.step("Unsqueeze", List.of(at.translation().read(state), first)));
    }
    List<String> outputs = new ArrayList<>(List.of(at.translation().fresh(at.out())));
    states.forEach(state -> outputs.add(at.translation().fresh(at.out())));
    at.emit(op, outputs, inputs, rows.attributes());
    for (int i = 0; i < states.size(); i++) {
      at.emit("Squeeze", at.outputs().subList(i, i + 1), List.of(outputs.get(i + 1), first));
    }
  }

  private AttributeProto[] attributes() {
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(Attribute.of("hidden_size", hidden));
    attributes.add(Attribute.of("direction", directions == 2 ? "bidirectional" : "forward"));
    if (op.equals("GRU")) {
      attributes.add(Attribute.of("linear_before_reset", 1));
    }
    if (!activation.isEmpty()) {
      attributes.add(Attribute.texts("activations", Collections.nCopies(directions, activation)));
    }
    return attributes.toArray(new AttributeProto[0]);
  }

  static void gru(AtenCall at) {
    new RecurrentRows(at, "GRU", GRU_GATES).emit(List.of(at.value("hx")));
  }

  static void lstm(AtenCall at) {
    new RecurrentRows(at, "LSTM", LSTM_GATES).emit(at.values("hx"));
  }

  /** A layer without gates; the activation has ONNX's name. */
  static void rnn(AtenCall at, String activation) {
    RecurrentRows rows = new RecurrentRows(at, "RNN", RNN_GATES);
    rows.activation = activation;
    rows.emit(List.of(at.value("hx")));
  }

  private void emit(List<String> states) {
    at.ignore("dropout");
    if (at.flag("train", false)) {
      throw at.unsupported("training mode", "model.eval() before the export");
    }
    if (at.rank("input") != 3) {
      throw at.unsupported("a sequence without a batch", "inputs of three axes");
    }
    boolean batchFirst = at.flag("batch_first", false);
    String x = batchFirst ? turned(at.x("input")) : at.x("input");
    List<List<String>> finals = new ArrayList<>();
    states.forEach(state -> finals.add(new ArrayList<>()));
    int layers = Math.toIntExact(at.integer("num_layers"));
    for (int layer = 0; layer < layers; layer++) {
      x = layer(layer, x, states, finals);
    }
    if (batchFirst) {
      at.emit("Transpose", List.of(x), Attribute.of("perm", List.of(1L, 0L, 2L)));
    } else {
      at.emit("Identity", List.of(x));
    }
    for (int i = 0; i < finals.size(); i++) {
      at.emit("Concat", at.outputs().subList(i + 1, i + 2), finals.get(i), Attribute.of("axis", 0));
    }
  }

  private String turned(String x) {
    return at.step("Transpose", List.of(x), Attribute.of("perm", List.of(1L, 0L, 2L)));
  }

  /** Emits a layer; returns its sequence with the directions' features side by side. */
  private String layer(int layer, String x, List<String> states, List<List<String>> finals) {
    List<String> inputs = new ArrayList<>(List.of(x));
    inputs.addAll(weights());
    inputs.add("");
    states.forEach(state -> inputs.add(initial(state, layer)));
    List<String> outputs = new ArrayList<>();
    outputs.add(at.translation().fresh(at.out()));
    for (List<String> last : finals) {
      last.add(at.translation().fresh(at.out()));
      outputs.add(last.getLast());
    }
    at.emit(op, outputs, inputs, attributes());
    String sequence = outputs.getFirst();
    if (directions == 1) {
      return at.step("Squeeze", List.of(sequence, at.longs(List.of(1L))));
    }
    String side =
        at.step("Transpose", List.of(sequence), Attribute.of("perm", List.of(0L, 2L, 1L, 3L)));
    return at.step("Reshape", List.of(side, at.longs(List.of(0L, 0L, 2L * hidden))));
  }

  private String initial(String state, int layer) {
    if (at.translation().isZero(state)) {
      return "";
    }
    long first = (long) layer * directions;
    return at.step(
        "Slice",
        List.of(
            at.translation().read(state),
            at.longs(List.of(first)),
            at.longs(List.of(first + directions)),
            at.longs(List.of(0L))));
  }

  /** W, R and B of the next layer, the directions one after the other. */
  private List<String> weights() {
    List<float[]> w = new ArrayList<>();
    List<float[]> r = new ArrayList<>();
    List<float[]> b = new ArrayList<>();
    int each = hasBiases ? 4 : 2;
    long width = at.translation().dims(parameters.get(next)).get(1);
    for (int direction = 0; direction < directions; direction++, next += each) {
      w.add(reordered(parameters.get(next)));
      r.add(reordered(parameters.get(next + 1)));
      if (hasBiases) {
        b.add(reordered(parameters.get(next + 2)));
        b.add(reordered(parameters.get(next + 3)));
      }
    }
    long rows = (long) gates.size() * hidden;
    return List.of(
        at.floats(List.of((long) directions, rows, width), joined(w)),
        at.floats(List.of((long) directions, rows, (long) hidden), joined(r)),
        hasBiases ? at.floats(List.of((long) directions, 2 * rows), joined(b)) : "");
  }

  private float[] reordered(String parameter) {
    ExportedTensor data =
        at.translation()
            .data(parameter)
            .orElseThrow(() -> at.unsupported("computed weights", "constant weights"));
    float[] old = data.floats();
    if (old.length % gates.size() != 0 || data.dims().getFirst() != gates.size() * hidden) {
      throw at.malformed("has weights of shape " + data.dims() + " for " + hidden + " cells");
    }
    int part = old.length / gates.size();
    float[] moved = new float[old.length];
    for (int i = 0; i < gates.size(); i++) {
      System.arraycopy(old, gates.get(i) * part, moved, i * part, part);
    }
    return moved;
  }

  private static float[] joined(List<float[]> parts) {
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int to = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, to, part.length);
      to += part.length;
    }
    return all;
  }
}
