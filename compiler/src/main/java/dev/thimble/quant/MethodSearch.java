package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tries the ways of losing less, and takes the best: of all that is better than what {@code fast}
 * gives, and not worse in what users see, what has the least error of the scores. That is the least
 * accidental: on samples that a search has not seen it is what it was on those that it has, where a
 * few samples near a border make up most of the outputs' error and all decisions. Methods build on
 * each other by it, also where they show no gain yet: a corrected bias often pays only together
 * with equal channels.
 */
final class MethodSearch {
  /** Of how many samples candidates are judged by; the last word have all samples. */
  private static final int JUDGES = 256;

  /**
   * Of how many samples filters and biases are corrected: some of the judges, so that what fits
   * only those is not taken for a gain.
   */
  private static final int LEARNERS = 128;

  /** Of how many samples filters of few bits are rounded. */
  private static final int TEACHERS = 256;

  /** How often filters of few bits are rounded again, for what was lost before them. */
  static final int PASSES = 3;

  /**
   * Filters of less than this part of all filters' elements stay int8: they save next to nothing.
   */
  private static final int LITTLE = 64;

  /** Errors of scores that differ by less than this may do so by the choice of samples. */
  private static final double NEARLY = 1.05;

  private final Graph graph;
  private final Iterable<List<Tensor>> samples;
  private final QuantizeSettings settings;
  private final SampleListener listener;
  private final Calibration calibration;
  private final List<List<Tensor>> judges;
  private final NetworkLoss loss;
  private final List<Attempt> tried = new ArrayList<>();

  /** Runs the network over the samples; throws as {@link Calibration#run} does. */
  MethodSearch(
      Graph graph,
      Iterable<List<Tensor>> samples,
      QuantizeSettings settings,
      SampleListener listener) {
    this.graph = graph;
    this.samples = samples;
    this.settings = settings;
    this.listener = listener;
    calibration = Calibration.run(graph, samples, listener);
    judges = spread(JUDGES);
    loss = new NetworkLoss(graph);
  }

  long samples() {
    return calibration.samples();
  }

  /** Some of the samples by which candidates are judged. */
  List<List<Tensor>> learners() {
    return spread(LEARNERS);
  }

  /** Where recipes for what the network has become are measured. */
  Trials trials(Graph source) {
    return new Trials(source, loss, learners(), listener);
  }

  /** The best of all that the settings let try. */
  Attempt run() {
    Attempt plain = attempt(graph, calibration, plainest(), List.of());
    Attempt fast = fast(plain);
    Methods methods = settings.methods();
    List<Line> lines = new ArrayList<>();
    lines.add(line(plain, nearest(graph, calibration, further(), List.of(), fast)));
    if (methods.equalization().tried(settings.quality(), Quality.BALANCED)) {
      Equalization.run(graph, calibration)
          .ifPresent(equal -> lines.add(ranges(equal, List.of("equalization"))));
    }
    if (methods.absorption().tried(settings.quality(), Quality.BEST)) {
      Attempt before = leading(lines).ranges();
      BiasAbsorption.run(before.source(), samples, listener)
          .ifPresent(absorbed -> lines.add(ranges(absorbed, absorption(before))));
    }
    if (methods.rounding().tried(settings.quality(), Quality.BEST)) {
      // Filters of few bits take long, and are rounded again for what is before them.
      boolean few = !lines.getFirst().ranges().recipe().formats().isEmpty();
      (few ? List.of(leading(lines)) : lines).forEach(line -> rounded(line.ranges()));
    }
    Attempt best = best(fast);
    return judges.size() < samples() ? ofAll(plain, fast, best) : best;
  }

  /**
   * Of what is better than {@code fast}, that with the least error of the scores; where some have
   * nearly as little, that of these which decides the fewest samples otherwise.
   */
  private Attempt best(Attempt fast) {
    List<Attempt> better =
        tried.stream().filter(each -> each.loss().betterThan(fast.loss())).toList();
    double least = better.stream().mapToDouble(each -> each.loss().scores()).min().orElse(0);
    return better.stream()
        .filter(each -> each.loss().scores() <= NEARLY * least)
        .min(
            Comparator.<Attempt>comparingLong(each -> each.loss().decisions())
                .thenComparingDouble(each -> each.loss().scores()))
        .orElse(fast);
  }

  /** Ranges, and the best that came of them. */
  private record Line(Attempt ranges, Attempt best) {}

  /**
   * What follows from ranges. Biases are corrected for plain ones, too: these clip nothing, so that
   * what rounded filters shift may be most of their loss, and they the best once it is taken back.
   */
  private Line line(Attempt plain, Attempt ranges) {
    if (!settings.methods().correction().tried(settings.quality(), Quality.BALANCED)) {
      return new Line(ranges, ranges);
    }
    Attempt best = ranges.orNearer(corrected(ranges));
    return new Line(ranges, plain.equals(ranges) ? best : best.orNearer(corrected(plain)));
  }

  /** The line whose best has the least error; the first of equal ones. */
  private static Line leading(List<Line> lines) {
    return lines.stream()
        .min(Comparator.comparingDouble(line -> line.best().loss().scores()))
        .orElseThrow();
  }

  private static List<String> absorption(Attempt before) {
    List<String> steps = new ArrayList<>(before.steps());
    steps.removeIf(step -> step.startsWith("ranges by "));
    steps.add("bias absorption");
    return steps;
  }

  /** What everything else has to be better than. */
  private Calibrator plainest() {
    return settings.calibrator() == Calibrator.AUTO ? Calibrator.MIN_MAX : settings.calibrator();
  }

  /** What {@code fast} is: the ranges with the least error by their own measure, or plain ones. */
  private Attempt fast(Attempt plain) {
    return settings.calibrator() == Calibrator.AUTO
        ? plain.orNearer(attempt(graph, calibration, Calibrator.AUTO, List.of()))
        : plain;
  }

  /** The calibrators other than those that {@code fast} tries. */
  private List<Calibrator> further() {
    return settings.calibrator() == Calibrator.AUTO && settings.quality() != Quality.FAST
        ? Calibrator.single().stream().filter(each -> each != Calibrator.MIN_MAX).toList()
        : List.of();
  }

  private List<Calibrator> calibrators() {
    if (settings.calibrator() != Calibrator.AUTO) {
      return List.of(settings.calibrator());
    }
    List<Calibrator> all = new ArrayList<>();
    if (settings.quality() != Quality.FAST) {
      all.addAll(Calibrator.single());
    }
    all.add(Calibrator.AUTO);
    return all;
  }

  /** The best ranges of a network whose scales or biases have moved, and what follows. */
  private Line ranges(Graph source, List<String> before) {
    Calibration again = Calibration.run(source, samples, listener);
    List<Calibrator> all = calibrators();
    Attempt first = attempt(source, again, all.getFirst(), before);
    return line(first, nearest(source, again, all.subList(1, all.size()), before, first));
  }

  private Attempt nearest(
      Graph source,
      Calibration seen,
      List<Calibrator> calibrators,
      List<String> before,
      Attempt present) {
    Attempt nearest = present;
    for (Calibrator calibrator : calibrators) {
      nearest = nearest.orNearer(attempt(source, seen, calibrator, before));
    }
    return nearest;
  }

  private Attempt attempt(
      Graph source, Calibration seen, Calibrator calibrator, List<String> before) {
    Recipe recipe =
        new Recipe(
            seen.ranges(calibrator),
            Map.of(),
            Map.of(),
            formats(source),
            settings.floatIo(),
            settings.activations(),
            seen.ranges(Calibrator.MIN_MAX));
    requireInt8Filters(source, recipe);
    return judged(
        source, Int16Search.settled(source, recipe), and(before, "ranges by " + calibrator.text()));
  }

  private Attempt corrected(Attempt present) {
    Recipe recipe = BiasCorrection.run(present.source(), present.recipe(), learners(), listener);
    return judged(present.source(), recipe, and(present.steps(), "bias correction"));
  }

  private void rounded(Attempt present) {
    boolean few = !present.recipe().formats().isEmpty();
    List<List<Tensor>> teachers = spread(few ? TEACHERS : LEARNERS);
    Graph source = present.source();
    List<String> steps = and(present.steps(), "rounding search");
    Recipe recipe = RoundingSearch.run(source, present.recipe(), teachers, listener);
    Attempt next = judged(source, recipe, steps);
    Attempt best = next;
    for (int i = 0; i < PASSES && few; i++) {
      next = judged(source, RoundingSearch.again(source, next.recipe(), teachers, listener), steps);
      best = best.orNearer(next);
    }
    if (settings.methods().correction().tried(settings.quality(), Quality.BALANCED)) {
      corrected(best);
    }
  }

  /** The network as a recipe quantises it, judged; what is tried is remembered. */
  Attempt judged(Graph source, Recipe recipe, List<String> steps) {
    Graph made = Quantizer.run(source, recipe).graph();
    Losses losses = loss.all(List.of(made), judges, listener).getFirst();
    Attempt attempt = new Attempt(source, recipe, steps, losses);
    tried.add(attempt);
    return attempt;
  }

  private static List<String> and(List<String> steps, String step) {
    List<String> all = new ArrayList<>(steps);
    all.add(step);
    return all;
  }

  /** The best on all samples, or what is not worse than it on those. */
  private Attempt ofAll(Attempt plain, Attempt fast, Attempt best) {
    List<Graph> networks = List.of(plain.network(), fast.network(), best.network());
    List<Losses> losses = loss.all(networks, samples, listener);
    if (losses.get(2).betterThan(losses.get(1))) {
      return best;
    }
    return losses.get(1).scores() <= losses.get(0).scores() ? fast : plain;
  }

  /** So many samples at most, spread evenly over all. */
  private List<List<Tensor>> spread(int most) {
    long step = (samples() + most - 1) / most;
    List<List<Tensor>> spread = new ArrayList<>();
    Iterator<List<Tensor>> iterator = samples.iterator();
    for (long i = 0; iterator.hasNext(); i++) {
      List<Tensor> sample = iterator.next();
      if (i % step == 0) {
        spread.add(sample);
      }
    }
    return spread;
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
    long all = filtered.stream().mapToLong(MethodSearch::elements).sum();
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
}
