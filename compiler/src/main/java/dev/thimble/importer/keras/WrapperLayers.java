package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.importer.keras.LayerImport.LayerReader;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Concat;
import dev.thimble.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Layers around a layer: Bidirectional and TimeDistributed. */
final class WrapperLayers {
  private WrapperLayers() {}

  static void list(Map<String, LayerReader> readers) {
    readers.put("Bidirectional", WrapperLayers::bidirectional);
    readers.put("TimeDistributed", WrapperLayers::timeDistributed);
  }

  private static LayerSpec wrapped(Layer at, String key) {
    JsonNode json = at.config().get(key).orElseThrow(() -> at.malformed("wraps no layer"));
    LayerSpec inner =
        new NetReader(at.config().file()).spec(at.config().place() + " wrapped", json);
    Policy.requireFloat32(inner.config());
    return inner;
  }

  private static List<KerasTensor> bidirectional(Layer at) {
    LayerSpec forward = wrapped(at, "layer");
    LayerSpec backward =
        at.config().get("backward_layer").isPresent() ? wrapped(at, "backward_layer") : forward;
    if (forward.config().flag(false, "go_backwards")) {
      throw new UnsupportedLayer("a forward layer that goes backwards", "one that goes forwards");
    }
    Value ahead =
        RecurrentLayers.recurrent(
            at.as(forward, at.path().direction("forward_layer", "forward_"), at.inputs()), false);
    Value back =
        RecurrentLayers.recurrent(
            at.as(backward, at.path().direction("backward_layer", "backward_"), at.inputs()), true);
    return merged(at, ahead, back);
  }

  private static List<KerasTensor> merged(Layer at, Value ahead, Value back) {
    String mode =
        at.config().json().path("merge_mode").isNull()
            ? "none"
            : at.config().text("concat", "merge_mode");
    int last = ahead.type().shape().rank() - 1;
    Value made =
        switch (mode) {
          case "concat" -> at.node(() -> new Concat(last), ahead, back);
          case "sum" ->
              at.node(() -> new Binary(Binary.Function.ADD, Activation.NONE), ahead, back);
          case "mul" ->
              at.node(() -> new Binary(Binary.Function.MUL, Activation.NONE), ahead, back);
          case "ave" ->
              MergeLayers.scaled(
                  at,
                  at.node(() -> new Binary(Binary.Function.ADD, Activation.NONE), ahead, back),
                  0.5f);
          default -> throw new UnsupportedLayer("merge_mode " + mode, "concat, sum, mul, ave");
        };
    return at.result(KerasTensor.of(made));
  }

  /** The layer takes all steps as one batch. */
  private static List<KerasTensor> timeDistributed(Layer at) {
    LayerSpec inner = wrapped(at, "layer");
    KerasTensor input = at.plain(at.input());
    Shape shape = input.shape();
    if (inner.isModel() || shape.rank() < 3) {
      throw new UnsupportedLayer(
          "TimeDistributed " + inner.kind() + " over " + shape, "a layer over at least 3 axes");
    }
    int steps = Math.multiplyExact(shape.dim(0), shape.dim(1));
    int[] folded = Arrays.copyOfRange(shape.dims(), 1, shape.rank());
    folded[0] = steps;
    KerasTensor given = KerasTensor.of(at.reshaped(input.value(), Shape.of(folded)));
    Layer each = at.as(inner, at.path().attribute("layer"), List.of(given));
    KerasTensor made = each.plain(LayerImport.read(each).getFirst());
    int[] dims = made.shape().dims();
    int[] unfolded = new int[dims.length + 1];
    unfolded[0] = shape.dim(0);
    unfolded[1] = shape.dim(1);
    System.arraycopy(dims, 1, unfolded, 2, dims.length - 1);
    return at.result(KerasTensor.of(at.reshaped(made.value(), Shape.of(unfolded))));
  }
}
