package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
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

  private final Recipe base;
  private final Trials trials;

  /** Values that are stored in one type, with what the network loses where they are int16. */
  private record Candidate(Value value, long bytes, Recipe recipe, double loss) {}

  /** A recipe, and what is int16 in it. */
  record Choice(Recipe recipe, List<Int16Value> taken) {}

  private Int16Search(Recipe base, Trials trials) {
    this.base = base;
    this.trials = trials.onFewer(SAMPLES);
  }

  /**
   * The recipe with further activations of int16, of at most so many percent of all bytes; those
   * that an earlier search found, if any.
   */
  static Choice run(Recipe base, double percent, Set<String> found, Trials trials) {
    if (!found.isEmpty()) {
      ActivationTypes wider = base.activations().withInt16(found);
      return new Choice(settled(trials.source(), base.withActivations(wider)), List.of());
    }
    return new Int16Search(base, trials).run(percent);
  }

  private Choice run(double percent) {
    ValueTypes types = new ValueTypes(trials.source(), base, Set.of());
    Map<Value, List<Value>> groups = types.groups();
    long all = groups.values().stream().mapToLong(Int16Search::bytes).sum();
    double left = all * percent / 100;
    List<Candidate> candidates = candidates(groups, types, left);
    double present = trials.loss(base);
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
      double reached = trials.loss(next);
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
      Map<Value, List<Value>> groups, ValueTypes types, double left) {
    int inFloat = trials.made(base).inFloat().size();
    Map<Value, Recipe> recipes = new LinkedHashMap<>();
    groups.forEach((first, group) -> {
      if (bytes(group) <= left && !types.isInt16(first)) {
        Recipe recipe = with(base, first);
        boolean sameFilters = recipe.formats().equals(base.formats());
        if (sameFilters && trials.made(recipe).inFloat().size() == inFloat) {
          recipes.put(first, recipe);
        }
      }
    });
    double[] losses = trials.losses(List.copyOf(recipes.values()));
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
    return settled(trials.source(), recipe.withActivations(wider));
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
        trials.source().producer(value).map(node -> node.op().kind()).orElse("input"),
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
