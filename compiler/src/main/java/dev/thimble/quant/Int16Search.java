package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses activations to be int16: those by which the outputs lose least, within a part of all
 * activations' bytes. What each gains alone is measured on samples; then they are taken in the
 * order of that, and the network is measured again with each: what gains too little is left int8.
 */
final class Int16Search {
  /** Samples that each activation is measured on. */
  private static final int SAMPLES = 64;

  /** The least part of the squared error that an activation must save: about 0.1 dB. */
  private static final double LEAST_GAIN = 0.02;

  private final Graph graph;
  private final Recipe base;
  private final NetworkLoss loss;
  private final List<List<Tensor>> samples;
  private final SampleListener listener;

  /** Values that are stored in one type, with what the network loses where they are int16. */
  private record Candidate(Value value, long bytes, Recipe recipe, double loss) {}

  /** A recipe, and what is int16 in it. */
  record Choice(Recipe recipe, List<Int16Value> taken) {}

  private Int16Search(
      Graph graph,
      Recipe base,
      NetworkLoss loss,
      List<List<Tensor>> judges,
      SampleListener listener) {
    this.graph = graph;
    this.base = base;
    this.loss = loss;
    this.samples = SampleSpread.of(judges, SAMPLES);
    this.listener = listener;
  }

  /**
   * The recipe with further activations of int16, of at most so many percent of all bytes; those
   * that an earlier search found, if any.
   */
  static Choice run(
      Graph graph,
      Recipe base,
      double percent,
      Set<String> found,
      NetworkLoss loss,
      List<List<Tensor>> judges,
      SampleListener listener) {
    if (!found.isEmpty()) {
      ActivationTypes wider = base.activations().withInt16(found);
      return new Choice(settled(graph, base.withActivations(wider)), List.of());
    }
    return new Int16Search(graph, base, loss, judges, listener).run(percent);
  }

  private Choice run(double percent) {
    Quantized narrow = Quantizer.run(graph, base);
    ValueTypes types = new ValueTypes(graph, base, Set.of());
    Map<Value, List<Value>> groups = types.groups();
    long all = groups.values().stream().mapToLong(Int16Search::bytes).sum();
    double left = all * percent / 100;
    List<Candidate> candidates = candidates(groups, types, narrow, left);
    double present = loss.of(List.of(narrow.graph()), samples, listener)[0];
    double whole = present;
    candidates.removeIf(candidate -> candidate.loss() > (1 - LEAST_GAIN) * whole);
    candidates.sort(Comparator.comparingDouble(Candidate::loss));
    Recipe recipe = base;
    List<Int16Value> taken = new ArrayList<>();
    for (Candidate candidate : candidates) {
      if (candidate.bytes() > left) {
        continue;
      }
      Recipe next = with(recipe, candidate.value());
      double reached = loss.of(List.of(Quantizer.run(graph, next).graph()), samples, listener)[0];
      if (reached > (1 - LEAST_GAIN) * present) {
        continue;
      }
      taken.add(row(candidate, all, present, reached));
      recipe = next;
      left -= candidate.bytes();
      present = reached;
    }
    return new Choice(recipe, taken);
  }

  /**
   * What could be int16 within the bytes, leaves no further node in float32, and no filter of few
   * bits that would be int8 beside it.
   */
  private List<Candidate> candidates(
      Map<Value, List<Value>> groups, ValueTypes types, Quantized narrow, double left) {
    Map<Value, Recipe> recipes = new LinkedHashMap<>();
    List<Graph> networks = new ArrayList<>();
    groups.forEach((first, group) -> {
      if (bytes(group) <= left && !types.isInt16(first)) {
        Recipe recipe = with(base, first);
        Quantized made = Quantizer.run(graph, recipe);
        boolean sameFilters = recipe.formats().equals(base.formats());
        if (sameFilters && made.inFloat().size() == narrow.inFloat().size()) {
          recipes.put(first, recipe);
          networks.add(made.graph());
        }
      }
    });
    double[] losses = loss.of(networks, samples, listener);
    List<Candidate> candidates = new ArrayList<>();
    recipes.forEach((first, recipe) ->
        candidates.add(
            new Candidate(
                first,
                bytes(groups.getOrDefault(first, List.of())),
                recipe,
                losses[candidates.size()])));
    return candidates;
  }

  private Recipe with(Recipe recipe, Value value) {
    ActivationTypes wider = recipe.activations().withInt16(Set.of(value.name()));
    return settled(graph, recipe.withActivations(wider));
  }

  /** A recipe whose nodes of int16 have the int8 filters that these take. */
  static Recipe settled(Graph graph, Recipe recipe) {
    if (!recipe.activations().anyInt16() || recipe.formats().isEmpty()) {
      return recipe;
    }
    ValueTypes types = new ValueTypes(graph, recipe, Set.of());
    Recipe settled = recipe;
    for (Node node : graph.nodes()) {
      if (types.isInt16(node) && recipe.format(node.name()) != WeightFormat.INT8) {
        settled = settled.withFormat(node.name(), WeightFormat.INT8).withoutBias(node.name());
      }
    }
    return settled;
  }

  private Int16Value row(Candidate candidate, long all, double before, double after) {
    Value value = candidate.value();
    return new Int16Value(
        value.name(),
        graph.producer(value).map(node -> node.op().kind()).orElse("input"),
        candidate.bytes(),
        candidate.bytes() / (double) all,
        decibels(before),
        decibels(after));
  }

  private static double decibels(double part) {
    return -10 * Math.log10(Math.max(part, 1e-20));
  }

  private static long bytes(List<Value> group) {
    return group.stream().mapToLong(value -> value.type().elements()).sum();
  }
}
