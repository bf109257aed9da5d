package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stores the filters of a float network with few bits; all else stays float32. Nothing is learned
 * from samples for that.
 */
public final class StoredFilters {
  private final Graph source;
  private final WeightFormat format;
  private final Map<Value, Tensor> constants;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Quantized.InFloat> inFloat = new ArrayList<>();
  private final List<FilterFormat> filters = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private StoredFilters(Graph source, WeightFormat format) {
    this.source = source;
    this.format = format;
    this.constants = new LinkedHashMap<>(source.constants());
    source.inputs().forEach(value -> names.add(value.name()));
    constants.keySet().forEach(value -> names.add(value.name()));
    source.nodes().forEach(node -> node.outputs().forEach(value -> names.add(value.name())));
  }

  /** The network with filters of this format; what weighs little has int8 filters. */
  public static QuantizationResult of(Graph source, WeightFormat format) {
    return new StoredFilters(source, format).run();
  }

  private QuantizationResult run() {
    Map<Node, WeightFormat> formats = PostTraining.formats(source, format);
    for (Node node : source.nodes()) {
      WeightFormat wanted = formats.get(node);
      if (wanted == null || !node.output().type().isFloat()) {
        nodes.add(node);
        continue;
      }
      try {
        add(node, wanted);
      } catch (IllegalArgumentException e) {
        inFloat.add(
            new Quantized.InFloat(node.name(), node.op().kind(), String.valueOf(e.getMessage())));
        nodes.add(node);
      }
    }
    Graph graph =
        new Graph(
            source.name(),
            source.inputs(),
            constants,
            source.states(),
            nodes,
            source.outputs(),
            source.origins());
    return new QuantizationResult(
        source,
        new Quantized(GraphChecker.check(graph), inFloat),
        0,
        List.of("filters as " + format.text()),
        filters,
        List.of());
  }

  private void add(Node node, WeightFormat wanted) {
    if (node.inputs().size() != 3
        || !source.isConstant(node.inputs().get(1))
        || !source.isConstant(node.inputs().get(2))) {
      throw new IllegalArgumentException("its filter and bias are no constants");
    }
    Tensor filter = source.constant(node.inputs().get(1)).orElseThrow();
    Tensor bias = source.constant(node.inputs().get(2)).orElseThrow();
    int axis = NodeRule.of(node) instanceof NodeRule.Filtered f ? f.channelAxis() : 0;
    TensorType type = StoredNumbers.filterType(filter, axis, bias, Float.POSITIVE_INFINITY, wanted);
    Tensor stored = StoredNumbers.filter(filter, type, axis, wanted);
    WideFilter made = WideFilter.weights(node, stored, bias);
    List<Node> chain =
        made.nodes(
            node.input(),
            constant(node.name() + "~filter", made.filter()),
            node.inputs().get(2),
            node.output(),
            this::fresh);
    for (Node each : chain) {
      each.op().check(each.inputTypes(), each.outputTypes());
    }
    nodes.addAll(chain);
    long bytes = wanted.bytes(type.elements());
    filters.add(new FilterFormat(node.name(), node.op().kind(), wanted, bytes, Double.NaN));
  }

  private Value constant(String name, Tensor data) {
    Value value = new Value(fresh(name), data.type());
    constants.put(value, data);
    return value;
  }

  private String fresh(String base) {
    String name = base;
    for (int i = 2; !names.add(name); i++) {
      name = base + i;
    }
    return name;
  }
}
