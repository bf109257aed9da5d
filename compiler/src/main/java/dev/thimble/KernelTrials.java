package dev.thimble;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelLimits;
import dev.thimble.kernel.choice.TargetKernels;
import dev.thimble.op.Pool2d;
import dev.thimble.schedule.ArenaUse;
import dev.thimble.schedule.Buffer;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.MemoryPlanner;
import dev.thimble.schedule.PlanRequest;
import dev.thimble.schedule.PlanValidator;
import dev.thimble.schedule.Preference;
import dev.thimble.schedule.Step;
import dev.thimble.schedule.Strategy;
import dev.thimble.target.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fast kernels take working memory. Plans are made with the fastest kernels first; then kernels
 * whose working memory is in use at the peak give it up, until a plan fits, or, where RAM is
 * preferred, until no kernel has any at the peak; of those the plan is taken that weighs an arena
 * with the time it costs. Kernels elsewhere stay as fast as they are. At last convolutions give up
 * fast kernels to be one with the max pooling after them.
 */
final class KernelTrials {
  /** What all trials of one compilation may cost: nodes times plans. */
  private static final int MOST_NODES = 3_000;

  private static final int FEWEST_TRIALS = 4;
  private static final int MOST_TRIALS = 24;

  /** Where RAM is preferred, twice the time must save a twelfth of the arena: 2^(1/8). */
  private static final double TIME_WEIGHT = 1.0 / 8;

  /** A plan, and those of the same kernels by other strategies. */
  record Trial(List<MemoryPlan> plans, MemoryPlan chosen) {
    /** What is least where RAM is preferred. */
    private double price(Target target) {
      Long cycles = TimeEstimate.of(chosen.schedule(), target, Optional.empty()).cycles();
      return chosen.arenaBytes() * Math.pow(cycles == null ? 1 : cycles, TIME_WEIGHT);
    }
  }

  private final Graph graph;
  private final CompileOptions options;
  private final WideFilters wide;
  private final Map<Node, Integer> scratch = new HashMap<>();
  private boolean fusion;
  private Optional<Trial> best = Optional.empty();
  private Optional<BudgetException> refused = Optional.empty();

  private KernelTrials(Graph graph, CompileOptions options) {
    this.graph = graph;
    this.options = options;
    this.wide = new WideFilters(options);
    this.fusion = options.memory().filter(Strategy.FUSED_POOL::equals).isPresent();
  }

  /** Throws {@link BudgetException} where no plan fits with the kernels that take least. */
  static Trial run(Graph graph, CompileOptions options) {
    KernelTrials trials = new KernelTrials(graph, options);
    trials.run();
    if (!trials.isDone() && poolsMaxima(graph)) {
      trials.fusion = true;
      trials.scratch.clear();
      trials.run();
    }
    return trials.best.orElseThrow(() -> trials.refused.orElseThrow());
  }

  private static boolean poolsMaxima(Graph graph) {
    return graph.nodes().stream()
        .anyMatch(node -> node.op() instanceof Pool2d pool && pool.pooling() == Pool2d.Kind2d.MAX);
  }

  private void run() {
    int left =
        Math.clamp(MOST_NODES / Math.max(1, graph.nodes().size()), FEWEST_TRIALS, MOST_TRIALS);
    boolean more = true;
    while (more) {
      MemoryPlan plan = attempt();
      --left;
      if (wide.exceedFlash(kernels(plan))) {
        best = Optional.empty();
      } else {
        more = !isDone() && left > 0 && relieve(plan, left == 1);
      }
    }
  }

  private boolean isDone() {
    return best.isPresent() && options.prefer() != Preference.RAM;
  }

  /** Returns the plan that was chosen or, if none fits, the smallest. */
  private MemoryPlan attempt() {
    List<MemoryPlan> plans = MemoryPlanner.plans(request());
    plans.forEach(PlanValidator::validate);
    try {
      MemoryPlan chosen = PlanValidator.validate(Budget.choose(plans, options));
      Trial trial = new Trial(plans, chosen);
      Target target = options.target();
      if (best.isEmpty() || trial.price(target) < best.get().price(target)) {
        best = Optional.of(trial);
      }
      return chosen;
    } catch (BudgetException e) {
      refused = Optional.of(e);
      return Budget.smallest(plans);
    }
  }

  private PlanRequest request() {
    return new PlanRequest(
        graph,
        node -> new TargetKernels(options.target(), limits(node)),
        options.rounding(),
        options.feedRows(),
        options.limits().arenaBytes(),
        options.offsets());
  }

  private KernelLimits limits(Node node) {
    return KernelLimits.FAST
        .withScratchBytes(scratch.getOrDefault(node, Integer.MAX_VALUE))
        .withWideFilters(wide.allows(node))
        .withPortableFusion(fusion);
  }

  /** Holds the kernels at the plan's peak to less than they took; returns whether there are any. */
  private boolean relieve(MemoryPlan plan, boolean all) {
    int peak = ArenaUse.of(plan).peakTick();
    Map<Node, Kernel> kernels = kernels(plan);
    boolean relieved = false;
    for (Buffer buffer : plan.planned()) {
      if (buffer.scratchOf().isPresent() && (all || buffer.isInUse(peak))) {
        Node node = buffer.scratchOf().get();
        Kernel kernel = kernels.get(node);
        if (kernel != null && !kernel.isPortable()) {
          scratch.put(node, all ? 0 : kernel.scratchBytes() - 1);
          relieved = true;
        }
      }
    }
    return relieved;
  }

  /** The kernels by the first node of each. */
  private static Map<Node, Kernel> kernels(MemoryPlan plan) {
    Map<Node, Kernel> kernels = new HashMap<>();
    for (Step step : plan.schedule().steps()) {
      switch (step) {
        case Step.Single single -> kernels.put(single.nodes().getFirst(), single.kernel());
        case Step.Stream stream ->
            stream.stages().forEach(s -> kernels.put(s.nodes().getFirst(), s.kernel()));
      }
    }
    return kernels;
  }
}
