package dev.thimble.importer.keras;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One application of a layer.
 *
 * @param inputs the tensors that it is given, in order
 * @param constants the other arguments, by name; positional ones are named {@code arg1} and so on
 */
record LayerCall(List<TensorRef> inputs, Map<String, JsonNode> constants) {
  LayerCall {
    inputs = List.copyOf(inputs);
    constants = Map.copyOf(constants);
  }
}
