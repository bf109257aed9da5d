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
 * @param formats of filters that are not int8, by the name of their node
 * @param floatIo whether inputs and outputs stay float32
 * @param activations which are not int8
 * @param extremes the least and the greatest that was seen of the values that ranges has
 */
record Recipe(
    Map<Value, Range> ranges,
    Map<String, Tensor> filters,
    Map<String, Tensor> biases,
    Map<String, WeightFormat> formats,
    boolean floatIo,
    ActivationTypes activations,
    Map<Value, Range> extremes) {
  /** A recipe whose activations are all int8. */
  Recipe(
      Map<Value, Range> ranges,
      Map<String, Tensor> filters,
      Map<String, Tensor> biases,
      Map<String, WeightFormat> formats,
      boolean floatIo) {
    this(ranges, filters, biases, formats, floatIo, ActivationTypes.INT8, ranges);
  }

  /** With other activations of int16. */
  Recipe withActivations(ActivationTypes changed) {
    return new Recipe(ranges, filters, biases, formats, floatIo, changed, extremes);
  }

  Recipe withRanges(Map<Value, Range> changed) {
    return new Recipe(changed, filters, biases, formats, floatIo, activations, extremes);
  }

  WeightFormat format(String node) {
    return formats.getOrDefault(node, WeightFormat.INT8);
  }

  /** With one filter of another format, rounded to the nearest. */
  Recipe withFormat(String node, WeightFormat format) {
    Map<String, WeightFormat> changed = new LinkedHashMap<>(formats);
    changed.put(node, format);
    Map<String, Tensor> others = new LinkedHashMap<>(filters);
    others.remove(node);
    return new Recipe(ranges, others, biases, changed, floatIo, activations, extremes);
  }

  /** With the network's own bias of a node. */
  Recipe withoutBias(String node) {
    Map<String, Tensor> others = new LinkedHashMap<>(biases);
    others.remove(node);
    return new Recipe(ranges, filters, others, formats, floatIo, activations, extremes);
  }

  /** With a node's format, filter and bias as another recipe has them. */
  Recipe withFilterOf(String node, Recipe other) {
    return new Recipe(
        ranges,
        with(filters, other.filters, node),
        with(biases, other.biases, node),
        with(formats, other.formats, node),
        floatIo,
        activations,
        extremes);
  }

  private static <T> Map<String, T> with(Map<String, T> map, Map<String, T> other, String node) {
    Map<String, T> changed = new LinkedHashMap<>(map);
    changed.remove(node);
    T present = other.get(node);
    if (present != null) {
      changed.put(node, present);
    }
    return changed;
  }

  Recipe withFilter(String node, Tensor filter) {
    Map<String, Tensor> all = new LinkedHashMap<>(filters);
    all.put(node, filter);
    return new Recipe(ranges, all, biases, formats, floatIo, activations, extremes);
  }

  Recipe withBias(String node, Tensor bias) {
    Map<String, Tensor> all = new LinkedHashMap<>(biases);
    all.put(node, bias);
    return new Recipe(ranges, filters, all, formats, floatIo, activations, extremes);
  }
}
