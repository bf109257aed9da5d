package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Quantises a trained float network after what samples show of it. */
public final class PostTraining {
  /** Of how many samples candidates are judged by; the last word have all samples. */
  private static final int JUDGES = 128;

  /**
   * Filters of less than this part of all filters' elements stay int8: they save next to nothing.
   */
  private static final int LITTLE = 64;

  /** Of how many samples filters of few bits are rounded. */
  private static final int TEACHERS = 256;

  /** How often filters of few bits are rounded again, for what was lost before them. */
  private static final int PASSES = 3;

  private final Iterable<List<Tensor>> samples;
  private final QuantizeSettings settings;
  private final SampleListener listener;

  /**
   * A quantised network and how it was made; {@code source} is the float network it was made of.
   */
  private record Attempt(Graph source, Recipe recipe, List<String> steps, double loss) {}

  private PostTraining(
      Iterable<List<Tensor>> samples, QuantizeSettings settings, SampleListener listener) {
    this.samples = samples;
    this.settings = settings;
    this.listener = listener;
  }

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
    return new PostTraining(samples, settings, listener).run(graph);
  }

  private QuantizationResult run(Graph graph) {
    settings.activations().requireNames(graph);
    ActivationTypes.requireFilters(graph, settings.formats().keySet());
    Calibration calibration = Calibration.run(graph, samples, listener);
    List<List<Tensor>> judges = spread(calibration.samples(), JUDGES);
    NetworkLoss loss = new NetworkLoss(graph);
    Attempt plain = attempt(graph, calibration, plainest(), List.of(), loss, judges);
    Attempt best = best(graph, calibration, List.of(), plain, loss, judges);
    best = moved(graph, calibration, best, loss, judges);
    Methods methods = settings.methods();
    if (methods.rounding().tried(settings.quality(), Quality.BEST)) {
      best = rounded(best, loss, judges, calibration.samples());
    }
    if (methods.correction().tried(settings.quality(), Quality.BALANCED)) {
      best = corrected(best, loss, judges);
    }
    Attempt taken = judges.size() < calibration.samples() ? better(plain, best, loss) : best;
    Map<String, Double> alone = Map.of();
    if (settings.mixed().isPresent()) {
      MixedPrecision.Choice choice = mixed(taken, settings.mixed().get(), loss, judges);
      alone = choice.alone();
      taken = with(choice, taken, loss, judges);
    }
    List<Int16Value> int16 = List.of();
    if (settings.int16().isPresent()) {
      double percent = settings.int16().getAsDouble();
      Int16Search.Choice choice =
          Int16Search.run(taken.source(), taken.recipe(), percent, loss, judges, listener);
      int16 = choice.taken();
      taken = new Attempt(taken.source(), choice.recipe(), taken.steps(), taken.loss());
    }
    Quantized network = Quantizer.run(taken.source(), taken.recipe());
    return new QuantizationResult(
        taken.source(),
        network,
        calibration.samples(),
        taken.steps(),
        filters(taken, network, alone),
        int16);
  }

  /** The best with scales and biases moved between filters, or what is there. */
  private Attempt moved(
      Graph graph,
      Calibration calibration,
      Attempt present,
      NetworkLoss loss,
      List<List<Tensor>> judges) {
    Attempt best = present;
    if (settings.methods().equalization().tried(settings.quality(), Quality.BALANCED)) {
      Optional<Graph> equalized = Equalization.run(graph, calibration);
      if (equalized.isPresent()) {
        Calibration again = Calibration.run(equalized.get(), samples, listener);
        best = best(equalized.get(), again, List.of("equalization"), best, loss, judges);
      }
    }
    if (settings.methods().absorption().tried(settings.quality(), Quality.BEST)) {
      Optional<Graph> absorbed = BiasAbsorption.run(best.source(), samples, listener);
      if (absorbed.isPresent()) {
        Calibration again = Calibration.run(absorbed.get(), samples, listener);
        List<String> before = new ArrayList<>(best.steps());
        before.removeIf(step -> step.startsWith("ranges by "));
        before.add("bias absorption");
        best = best(absorbed.get(), again, before, best, loss, judges);
      }
    }
    return best;
  }

  /** The network with the filters that a search within limits chose. */
  private Attempt with(
      MixedPrecision.Choice choice, Attempt int8, NetworkLoss loss, List<List<Tensor>> judges) {
    List<String> steps = new ArrayList<>(int8.steps());
    steps.add("mixed precision");
    Attempt taken = judged(int8.source(), choice.recipe(), steps, loss, judges);
    boolean rounding = settings.methods().rounding().tried(settings.quality(), Quality.BEST);
    for (int i = 0; i < PASSES && rounding; i++) {
      Recipe again = RoundingSearch.again(taken.source(), taken.recipe(), judges, listener);
      Attempt next = judged(taken.source(), again, steps, loss, judges);
      taken = next.loss() < taken.loss() ? next : taken;
    }
    return taken;
  }

  private MixedPrecision.Choice mixed(
      Attempt int8, MixedLimits limits, NetworkLoss loss, List<List<Tensor>> judges) {
    boolean round = settings.quality() != Quality.FAST;
    return MixedPrecision.run(int8.source(), int8.recipe(), round, loss, judges, limits, listener);
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

  /** What everything else has to be better than. */
  private Calibrator plainest() {
    return settings.calibrator() == Calibrator.AUTO ? Calibrator.MIN_MAX : settings.calibrator();
  }

  private List<Calibrator> calibrators() {
    if (settings.calibrator() != Calibrator.AUTO) {
      return List.of(settings.calibrator());
    }
    if (settings.quality() == Quality.FAST) {
      return List.of(Calibrator.AUTO);
    }
    List<Calibrator> all = new ArrayList<>(Calibrator.single());
    all.add(Calibrator.AUTO);
    return all;
  }

  /** So many samples at most, spread evenly over all. */
  private List<List<Tensor>> spread(long count, int most) {
    long step = (count + most - 1) / most;
    List<List<Tensor>> judges = new ArrayList<>();
    Iterator<List<Tensor>> iterator = samples.iterator();
    for (long i = 0; iterator.hasNext(); i++) {
      List<Tensor> sample = iterator.next();
      if (i % step == 0) {
        judges.add(sample);
      }
    }
    return judges;
  }

  private Attempt attempt(
      Graph source,
      Calibration calibration,
      Calibrator calibrator,
      List<String> before,
      NetworkLoss loss,
      List<List<Tensor>> judges) {
    List<String> steps = new ArrayList<>(before);
    steps.add("ranges by " + calibrator.text());
    Recipe recipe =
        new Recipe(
            calibration.ranges(calibrator),
            Map.of(),
            Map.of(),
            formats(source),
            settings.floatIo(),
            settings.activations(),
            calibration.ranges(Calibrator.MIN_MAX));
    requireInt8Filters(source, recipe);
    return judged(source, Int16Search.settled(source, recipe), steps, loss, judges);
  }

  /** Refuses filters of few bits that are asked for by name where int16 is, too. */
  private void requireInt8Filters(Graph source, Recipe recipe) {
    ValueTypes types = new ValueTypes(source, recipe, Set.of());
    for (Node node : source.nodes()) {
      WeightFormat asked = settings.formats().getOrDefault(node.name(), WeightFormat.INT8);
      if (asked != WeightFormat.INT8 && types.isInt16(node)) {
        throw new IllegalArgumentException(
            node.place()
                + " takes or gives int16, for which filters are int8; leave its "
                + asked.text()
                + " away");
      }
    }
  }

  /** The formats of all filters that are not int8; those that weigh little are, if not named. */
  private Map<String, WeightFormat> formats(Graph source) {
    Map<String, WeightFormat> formats = new LinkedHashMap<>();
    formats(source, settings.format())
        .forEach((node, usual) -> {
          boolean int8 = settings.activations().int8().contains(node.name());
          WeightFormat format =
              settings.formats().getOrDefault(node.name(), int8 ? WeightFormat.INT8 : usual);
          if (format != WeightFormat.INT8) {
            formats.put(node.name(), format);
          }
        });
    return formats;
  }

  /** The formats of all filters: int8 where they weigh little. */
  static Map<Node, WeightFormat> formats(Graph source, WeightFormat format) {
    List<Node> filtered =
        source.nodes().stream().filter(n -> NodeRule.of(n) instanceof NodeRule.Filtered).toList();
    long all = filtered.stream().mapToLong(PostTraining::elements).sum();
    Map<Node, WeightFormat> formats = new LinkedHashMap<>();
    for (Node node : filtered) {
      boolean little = elements(node) * LITTLE < all;
      formats.put(node, little ? WeightFormat.INT8 : format);
    }
    return formats;
  }

  private static long elements(Node filtered) {
    return filtered.inputs().get(1).type().elements();
  }

  private Attempt judged(
      Graph source,
      Recipe recipe,
      List<String> steps,
      NetworkLoss loss,
      List<List<Tensor>> judges) {
    Graph made = Quantizer.run(source, recipe).graph();
    return new Attempt(source, recipe, steps, loss.of(List.of(made), judges, listener)[0]);
  }

  /** The best of all calibrators on a network, or what is there if that is as good. */
  private Attempt best(
      Graph source,
      Calibration calibration,
      List<String> before,
      Attempt present,
      NetworkLoss loss,
      List<List<Tensor>> judges) {
    Attempt best = present;
    for (Calibrator calibrator : calibrators()) {
      Attempt next = attempt(source, calibration, calibrator, before, loss, judges);
      best = next.loss() < best.loss() ? next : best;
    }
    return best;
  }

  private Attempt corrected(Attempt present, NetworkLoss loss, List<List<Tensor>> judges) {
    Recipe recipe = BiasCorrection.run(present.source(), present.recipe(), judges, listener);
    List<String> steps = new ArrayList<>(present.steps());
    steps.add("bias correction");
    Attempt next = judged(present.source(), recipe, steps, loss, judges);
    return next.loss() < present.loss() ? next : present;
  }

  private Attempt rounded(
      Attempt present, NetworkLoss loss, List<List<Tensor>> judges, long samples) {
    boolean few = !present.recipe().formats().isEmpty();
    List<List<Tensor>> teachers = few ? spread(samples, TEACHERS) : judges;
    Recipe recipe = RoundingSearch.run(present.source(), present.recipe(), teachers, listener);
    List<String> steps = new ArrayList<>(present.steps());
    steps.add("rounding search");
    Attempt next = judged(present.source(), recipe, steps, loss, judges);
    Attempt best = next.loss() < present.loss() ? next : present;
    for (int i = 0; i < PASSES && !recipe.formats().isEmpty(); i++) {
      recipe = RoundingSearch.again(present.source(), next.recipe(), teachers, listener);
      next = judged(present.source(), recipe, steps, loss, judges);
      best = next.loss() < best.loss() ? next : best;
    }
    return best;
  }

  /** The second, unless it loses more than the first on all samples. */
  private Attempt better(Attempt plain, Attempt best, NetworkLoss loss) {
    if (plain.equals(best)) {
      return plain;
    }
    Graph first = Quantizer.run(plain.source(), plain.recipe()).graph();
    Graph second = Quantizer.run(best.source(), best.recipe()).graph();
    double[] losses = loss.of(List.of(first, second), samples, listener);
    return losses[1] <= losses[0] ? best : plain;
  }
}
