package dev.thimble.quant;

import dev.thimble.graph.Node;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses the format of each filter. What a filter alone costs in each format is measured on
 * samples; then bits are taken away where the loss for each byte saved is least, step by step, and
 * the whole network is measured after each step: one that loses too much is taken back.
 */
final class MixedPrecision {
  /** The formats that a filter may get, each with fewer bits than the one before. */
  private static final List<WeightFormat> LADDER =
      List.of(WeightFormat.INT8, WeightFormat.INT4, WeightFormat.INT2);

  private final Recipe base;
  private final Trials trials;
  private final Map<WeightFormat, Recipe> rounded = new EnumMap<>(WeightFormat.class);
  private final List<Node> nodes;
  private final Map<Node, Map<WeightFormat, Double>> alone = new LinkedHashMap<>();

  /** A step down the ladder. */
  private record Step(Node node, WeightFormat to, double price) {}

  /** A recipe, and what each filter's format costs by itself, by the name of its node. */
  record Choice(Recipe recipe, Map<String, Double> alone) {}

  private MixedPrecision(Recipe base, Trials trials) {
    this.base = base;
    this.trials = trials;
    ValueTypes types = new ValueTypes(trials.source(), base, Set.of());
    this.nodes =
        trials.source().nodes().stream()
            .filter(n -> NodeRule.of(n) instanceof NodeRule.Filtered && !types.isInt16(n))
            .toList();
  }

  /**
   * The formats for these limits.
   *
   * @param base the recipe with int8 filters
   * @param round whether filters are rounded for the samples
   * @param found the formats that an earlier search found for these limits, or none
   */
  static Choice run(
      Recipe base,
      boolean round,
      MixedLimits limits,
      Map<String, WeightFormat> found,
      Trials trials) {
    MixedPrecision search = new MixedPrecision(base, trials);
    search.prepare(round);
    if (!found.isEmpty()) {
      return search.as(found);
    }
    search.measure();
    return search.descend(limits);
  }

  /** All filters in each format; those of nodes do not depend on each other. */
  private void prepare(boolean round) {
    for (WeightFormat format : LADDER.subList(1, LADDER.size())) {
      Recipe all = base;
      for (Node node : nodes) {
        all = all.withFormat(node.name(), format);
      }
      rounded.put(format, round ? trials.rounded(all) : all);
    }
  }

  private Recipe with(Recipe recipe, Node node, WeightFormat format) {
    Recipe from = format == WeightFormat.INT8 ? base : Objects.requireNonNull(rounded.get(format));
    return recipe.withFilterOf(node.name(), from);
  }

  private Choice as(Map<String, WeightFormat> found) {
    Recipe recipe = base;
    for (Node node : nodes) {
      recipe = with(recipe, node, found.getOrDefault(node.name(), WeightFormat.INT8));
    }
    return new Choice(recipe, Map.of());
  }

  private void measure() {
    List<Recipe> recipes = new ArrayList<>(List.of(base));
    for (Node node : nodes) {
      for (WeightFormat format : LADDER.subList(1, LADDER.size())) {
        recipes.add(with(base, node, format));
      }
    }
    double[] losses = trials.losses(recipes);
    int at = 1;
    for (Node node : nodes) {
      Map<WeightFormat, Double> each = new EnumMap<>(WeightFormat.class);
      each.put(WeightFormat.INT8, losses[0]);
      for (WeightFormat format : LADDER.subList(1, LADDER.size())) {
        each.put(format, losses[at++]);
      }
      alone.put(node, each);
    }
  }

  private Choice descend(MixedLimits limits) {
    Map<Node, WeightFormat> formats = new LinkedHashMap<>();
    nodes.forEach(node -> formats.put(node, WeightFormat.INT8));
    List<Node> open = new ArrayList<>(nodes);
    Recipe recipe = base;
    while (!limits.fits().test(trials.made(recipe).graph())) {
      Optional<Step> step = cheapest(open, formats);
      if (step.isEmpty()) {
        break;
      }
      Node node = step.get().node();
      Recipe next = with(recipe, node, step.get().to());
      if (trials.percent(next) > limits.mostLoss()) {
        open.remove(node);
      } else {
        recipe = next;
        formats.put(node, step.get().to());
      }
    }
    Map<String, Double> losses = new LinkedHashMap<>();
    formats.forEach((node, format) -> losses.put(node.name(), loss(node, format)));
    return new Choice(recipe, losses);
  }

  private double loss(Node node, WeightFormat format) {
    return Objects.requireNonNull(Objects.requireNonNull(alone.get(node)).get(format));
  }

  /** The step that loses least for each byte that it saves; the first of equal ones. */
  private Optional<Step> cheapest(List<Node> open, Map<Node, WeightFormat> formats) {
    Optional<Step> best = Optional.empty();
    for (Node node : open) {
      WeightFormat from = Objects.requireNonNull(formats.get(node));
      for (WeightFormat to : LADDER.subList(LADDER.indexOf(from) + 1, LADDER.size())) {
        long elements = node.inputs().get(1).type().elements();
        double saved = from.bytes(elements) - to.bytes(elements);
        double price = Math.max(0, loss(node, to) - loss(node, from)) / saved;
        if (best.isEmpty() || price < best.get().price()) {
          best = Optional.of(new Step(node, to, price));
        }
      }
    }
    return best;
  }
}
