package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.kernel.KernelLibrary;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.Buffers.Sharing;
import dev.thimble.schedule.MemoryPlan.Placed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Plans a graph's memory: its nodes run in the graph's order, and each {@link Strategy} that has
 * something to offer makes a plan.
 */
public final class MemoryPlanner {
  private MemoryPlanner() {}

  /**
   * One plan for each strategy that applies, in the strategies' order: {@link Strategy#FUSED_POOL}
   * only where the library fuses a convolution with its pooling, {@link Strategy#STREAM} only where
   * streaming lowers the sum of bytes in use.
   *
   * <p>Throws {@link dev.thimble.kernel.KernelException} naming every node without a kernel, and
   * {@link ScheduleException} when a graph output is a graph input or a constant.
   */
  public static List<MemoryPlan> plans(Graph graph, KernelLibrary kernels, Rounding rounding) {
    Schedule whole = Scheduler.whole(graph, kernels, rounding);
    List<Buffer> buffers = Buffers.of(whole, Sharing.NONE);
    Offsets.Problem problem = new Offsets.Problem(buffers);
    List<MemoryPlan> plans = new ArrayList<>();
    plans.add(plan(Strategy.NAIVE, whole, buffers, SimpleOffsets.naive(problem)));
    plans.add(plan(Strategy.PING_PONG, whole, buffers, SimpleOffsets.pingPong(problem)));
    plans.add(plan(Strategy.GREEDY, whole, buffers, GreedyBySize.solve(problem)));
    plans.add(shared(Strategy.IN_PLACE, whole));
    Schedule fused = Scheduler.fused(whole, kernels, rounding);
    if (!fused.equals(whole)) {
      plans.add(shared(Strategy.FUSED_POOL, fused));
    }
    List<List<Integer>> runs = StreamChoice.choose(fused);
    if (!runs.isEmpty()) {
      plans.add(shared(Strategy.STREAM, Streams.streamed(fused, runs)));
    }
    return List.copyOf(plans);
  }

  /**
   * A plan that streams every chain whole, whether that saves memory or not: the widest use of
   * streams, for tests that compare strategies. Without any chain it is the fused-pool plan's
   * equal.
   */
  public static MemoryPlan everyChainStreamed(
      Graph graph, KernelLibrary kernels, Rounding rounding) {
    Schedule whole = Scheduler.whole(graph, kernels, rounding);
    Schedule fused = Scheduler.fused(whole, kernels, rounding);
    return shared(Strategy.STREAM, Streams.streamed(fused, Streams.chains(fused)));
  }

  /**
   * The plan that serves the preference best: for RAM the smallest arena; otherwise the smallest
   * among those that run nodes whole, since streams cost time and code. Of equal arenas the plainer
   * strategy is taken, but an in-place plan that saves copies comes first unless RAM is preferred.
   */
  public static MemoryPlan choose(List<MemoryPlan> plans, Preference preference) {
    Function<MemoryPlan, Integer> rank =
        switch (preference) {
          case RAM -> plan -> plan.strategy().ordinal();
          case BALANCED, SPEED, FLASH -> plan -> savesCopies(plan) ? -1 : plan.strategy().ordinal();
        };
    return plans.stream()
        .filter(plan -> preference == Preference.RAM || plan.strategy() != Strategy.STREAM)
        .min(Comparator.comparingLong(MemoryPlan::arenaBytes).thenComparing(rank))
        .orElseThrow(() -> new ScheduleException("there is no plan to choose from"));
  }

  /**
   * The plan of this strategy, or, where the strategy has nothing to add, of the last one before
   * it: that is what the strategy would come to.
   */
  public static MemoryPlan choose(List<MemoryPlan> plans, Strategy strategy) {
    return plans.stream()
        .filter(plan -> plan.strategy().compareTo(strategy) <= 0)
        .max(Comparator.comparing(MemoryPlan::strategy))
        .orElseThrow(
            () -> new ScheduleException("there is no plan as plain as " + strategy.text()));
  }

  private static boolean savesCopies(MemoryPlan plan) {
    return plan.strategy() == Strategy.IN_PLACE
        && plan.planned().stream().anyMatch(buffer -> buffer.values().size() > 1);
  }

  /** The smallest plan that any way of sharing gives; of equal ones that which shares most. */
  private static MemoryPlan shared(Strategy strategy, Schedule schedule) {
    MemoryPlan best = shared(strategy, schedule, Sharing.ALL);
    for (Sharing sharing : List.of(Sharing.EQUAL_SIZE, Sharing.NONE)) {
      MemoryPlan plan = shared(strategy, schedule, sharing);
      best = plan.arenaBytes() < best.arenaBytes() ? plan : best;
    }
    return best;
  }

  private static MemoryPlan shared(Strategy strategy, Schedule schedule, Sharing sharing) {
    List<Buffer> buffers = Buffers.of(schedule, sharing);
    return plan(strategy, schedule, buffers, BestOrder.solve(new Offsets.Problem(buffers)));
  }

  private static MemoryPlan plan(
      Strategy strategy, Schedule schedule, List<Buffer> buffers, Offsets.Solution solution) {
    List<Placed> placed = new ArrayList<>();
    Map<Integer, Placed> scratch = new HashMap<>();
    for (int i = 0; i < buffers.size(); i++) {
      Placed place = new Placed(buffers.get(i), solution.offsets().get(i));
      placed.add(place);
      if (place.buffer().kind() == Buffer.Kind.SCRATCH) {
        scratch.put(place.buffer().first(), place);
      }
    }
    long bound = new Offsets.Problem(buffers).lowerBound();
    return new MemoryPlan(strategy, schedule, placed, scratch, solution.size(), bound);
  }
}
