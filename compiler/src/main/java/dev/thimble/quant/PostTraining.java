package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Quantises a trained float network after what samples show of it. */
public final class PostTraining {
  private PostTraining() {}

  /**
   * The int8 network of a float network whose activations are folded already. The same network,
   * samples and settings always give the same result.
   *
   * @param samples for each a tensor for each input; gone through several times
   * @throws IllegalArgumentException when there are no samples, or where a number is not finite
   */
  public static QuantizationResult run(
      Graph graph,
      Iterable<List<Tensor>> samples,
      QuantizeSettings settings,
      SampleListener listener) {
    settings.activations().requireNames(graph);
    ActivationTypes.requireFilters(graph, settings.formats().keySet());
    MethodSearch search = new MethodSearch(graph, samples, settings, listener);
    Attempt taken = search.run();
    Map<String, Double> alone = Map.of();
    if (settings.mixed().isPresent()) {
      MixedLimits limits = settings.mixed().get();
      MixedPrecision.Choice choice =
          MixedPrecision.run(
              taken.recipe(),
              settings.quality() != Quality.FAST,
              limits,
              settings.found().formats(),
              search.trials(taken.source()));
      alone = choice.alone();
      taken = with(choice, taken, search, settings, listener);
    }
    List<Int16Value> int16 = List.of();
    if (settings.int16().isPresent()) {
      double percent = settings.int16().getAsDouble();
      Int16Search.Choice choice =
          Int16Search.run(
              taken.recipe(), percent, settings.found().int16(), search.trials(taken.source()));
      int16 = choice.taken();
      taken = new Attempt(taken.source(), choice.recipe(), taken.steps(), taken.loss());
    }
    Quantized network = Quantizer.run(taken.source(), taken.recipe());
    return new QuantizationResult(
        taken.source(),
        network,
        search.samples(),
        taken.steps(),
        filters(taken, network, alone),
        int16);
  }

  /** The network with the filters that a search within limits chose. */
  private static Attempt with(
      MixedPrecision.Choice choice,
      Attempt int8,
      MethodSearch search,
      QuantizeSettings settings,
      SampleListener listener) {
    List<String> steps = new ArrayList<>(int8.steps());
    steps.add("mixed precision");
    Attempt taken = search.judged(int8.source(), choice.recipe(), steps);
    boolean rounding = settings.methods().rounding().tried(settings.quality(), Quality.BEST);
    for (int i = 0; i < MethodSearch.PASSES && rounding; i++) {
      Recipe again =
          RoundingSearch.again(taken.source(), taken.recipe(), search.learners(), listener);
      Attempt next = search.judged(taken.source(), again, steps);
      taken = next.loss().betterThan(taken.loss()) ? next : taken;
    }
    return taken;
  }

  /** The formats of all filters that are not computed in float32. */
  private static List<FilterFormat> filters(
      Attempt attempt, Quantized network, Map<String, Double> alone) {
    Set<String> inFloat = new HashSet<>();
    network.inFloat().forEach(node -> inFloat.add(node.node()));
    List<FilterFormat> filters = new ArrayList<>();
    for (Node node : attempt.source().nodes()) {
      if (NodeRule.of(node) instanceof NodeRule.Filtered && !inFloat.contains(node.name())) {
        WeightFormat format = attempt.recipe().format(node.name());
        long bytes = format.bytes(node.inputs().get(1).type().elements());
        double loss = alone.getOrDefault(node.name(), Double.NaN);
        filters.add(new FilterFormat(node.name(), node.op().kind(), format, bytes, loss));
      }
    }
    return filters;
  }
}
