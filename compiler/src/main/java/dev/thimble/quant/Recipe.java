package dev.thimble.quant;

import dev.thimble.graph.Value;
import dev.thimble.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All that quantising a float network takes.
 *
 * @param ranges of every float value that is no constant
 * @param filters stored filters that are not the nearest numbers, by the name of their node
 * @param biases real biases other than the network's, by the name of their node
 * @param floatIo whether inputs and outputs stay float32
 */
record Recipe(
    Map<Value, Range> ranges,
    Map<String, Tensor> filters,
    Map<String, Tensor> biases,
    boolean floatIo) {
  Recipe withRanges(Map<Value, Range> changed) {
    return new Recipe(changed, filters, biases, floatIo);
  }

  Recipe withFilter(String node, Tensor filter) {
    Map<String, Tensor> all = new LinkedHashMap<>(filters);
    all.put(node, filter);
    return new Recipe(ranges, all, biases, floatIo);
  }

  Recipe withBias(String node, Tensor bias) {
    Map<String, Tensor> all = new LinkedHashMap<>(biases);
    all.put(node, bias);
    return new Recipe(ranges, filters, all, floatIo);
  }
}
