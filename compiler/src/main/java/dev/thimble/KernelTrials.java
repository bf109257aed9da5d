package dev.thimble;

import dev.thimble.graph.Graph;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelLibrary;
import dev.thimble.kernel.KernelLimits;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.kernel.choice.TargetKernels;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.MemoryPlanner;
import dev.thimble.schedule.PlanRequest;
import dev.thimble.schedule.PlanValidator;
import dev.thimble.schedule.Preference;
import dev.thimble.schedule.Schedule;
import dev.thimble.schedule.Step;
import dev.thimble.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fast kernels take working memory. Plans are made with the fastest kernels first, and then with
 * those that take less and less, until a plan fits; or, where RAM is preferred, of all that leads
 * to the smallest arena.
 */
final class KernelTrials {
  /** A plan, and all those of its kernels by other strategies. */
  record Trial(List<MemoryPlan> plans, MemoryPlan chosen) {}

  private final Graph graph;
  private final CompileOptions options;
  private Optional<Trial> best = Optional.empty();
  private Optional<BudgetException> refused = Optional.empty();

  private KernelTrials(Graph graph, CompileOptions options) {
    this.graph = graph;
    this.options = options;
  }

  /** Throws {@link BudgetException} where no kernels fit, of those that take least. */
  static Trial run(Graph graph, CompileOptions options) {
    KernelTrials trials = new KernelTrials(graph, options);
    int scratch = Integer.MAX_VALUE;
    do {
      int taken = trials.attempt(scratch);
      scratch = Math.min(taken / 2, taken - 1);
    } while (scratch >= 0 && !trials.isDone());
    return trials.best.orElseThrow(() -> trials.refused.orElseThrow());
  }

  private boolean isDone() {
    return best.isPresent() && options.prefer() != Preference.RAM;
  }

  /** Tries kernels of at most so much working memory; returns what they take. */
  private int attempt(int scratch) {
    KernelLibrary kernels =
        options.target() == Target.PORTABLE
            ? new PortableKernels()
            : new TargetKernels(options.target(), KernelLimits.FAST.withScratchBytes(scratch));
    List<MemoryPlan> plans =
        MemoryPlanner.plans(
            new PlanRequest(
                graph,
                kernels,
                options.rounding(),
                options.feedRows(),
                options.limits().arenaBytes(),
                options.offsets()));
    plans.forEach(PlanValidator::validate);
    try {
      MemoryPlan chosen = PlanValidator.validate(Budget.choose(plans, options));
      if (best.isEmpty() || chosen.arenaBytes() < best.get().chosen().arenaBytes()) {
        best = Optional.of(new Trial(plans, chosen));
      }
    } catch (BudgetException e) {
      refused = Optional.of(e);
    }
    return plans.stream().mapToInt(plan -> scratch(plan.schedule())).max().orElse(0);
  }

  /** The most working memory of a kernel that smaller ones could replace. */
  private static int scratch(Schedule schedule) {
    List<Kernel> kernels = new ArrayList<>();
    for (Step step : schedule.steps()) {
      switch (step) {
        case Step.Single single -> kernels.add(single.kernel());
        case Step.Stream stream -> stream.stages().forEach(stage -> kernels.add(stage.kernel()));
      }
    }
    return kernels.stream()
        .filter(kernel -> !kernel.isPortable())
        .mapToInt(Kernel::scratchBytes)
        .max()
        .orElse(0);
  }
}
