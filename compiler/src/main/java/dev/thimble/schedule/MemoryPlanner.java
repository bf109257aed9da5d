package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.kernel.KernelLibrary;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.Buffers.Sharing;
import dev.thimble.schedule.Buffers.Slots;
import dev.thimble.schedule.StreamChoice.Aim;
import dev.thimble.schedule.offsets.Effort;
import dev.thimble.schedule.offsets.Greedy;
import dev.thimble.schedule.offsets.Offsets;
import dev.thimble.schedule.offsets.Solution;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Plans a graph's memory: each {@link Strategy} that has something to offer makes a plan. */
public final class MemoryPlanner {
  /** How often a limit is lowered by what the offsets wasted before the attempt is given up. */
  private static final int MOST_ATTEMPTS = 6;

  /** What an entry in a table of slots takes in flash. */
  private static final long SLOT_BYTES = 2;

  /** So many bytes of tables are worth more than a byte of RAM, even where RAM is preferred. */
  private static final long FLASH_FOR_RAM = 64;

  private final PlanRequest request;
  private final Optional<Step.Fed> fed;

  /** The nodes as single calls, in the graph's order. */
  private final Schedule whole;

  /** The same in the order of least peak. */
  private final Schedule ordered;

  /** The same with fused poolings. */
  private final Schedule fused;

  private MemoryPlanner(PlanRequest request) {
    this.request = request;
    this.fed = request.feedRows() ? Optional.of(Feeding.of(request.graph())) : Optional.empty();
    this.whole =
        StateStores.of(
            Scheduler.whole(request.graph(), request.kernels(), request.rounding()),
            request.kernels(),
            request.rounding());
    this.ordered = Ordering.leastPeak(whole);
    this.fused = Scheduler.fused(ordered, request.kernels(), request.rounding());
  }

  /** {@link #plans(PlanRequest)} of a graph whose whole input is in memory. */
  public static List<MemoryPlan> plans(Graph graph, KernelLibrary kernels, Rounding rounding) {
    return plans(PlanRequest.of(graph, kernels, rounding));
  }

  /**
   * One plan for each strategy that applies, in the strategies' order: {@link Strategy#FUSED_POOL}
   * only where the library fuses a convolution with its pooling, {@link Strategy#STREAM} only where
   * streaming lowers the sum of bytes in use. With a limit for the arena, the stream plan is the
   * one of the fewest turns within it, if there is one, else the smallest.
   *
   * <p>Throws {@link dev.thimble.kernel.KernelException} naming every node without a kernel, {@link
   * ScheduleException} when a graph output is a graph input or a constant, and {@link
   * IllegalArgumentException} when the graph's input cannot be fed by rows.
   */
  public static List<MemoryPlan> plans(PlanRequest request) {
    return new MemoryPlanner(request).plans();
  }

  private List<MemoryPlan> plans() {
    List<MemoryPlan> plans = new ArrayList<>();
    Buffers apart = Buffers.of(gathered(whole), Sharing.NONE, Slots.FEWEST);
    plans.add(plan(Strategy.NAIVE, whole, apart, SimpleOffsets.naive(apart.problem())));
    plans.add(plan(Strategy.PING_PONG, whole, apart, SimpleOffsets.pingPong(apart.problem())));
    plans.add(plan(Strategy.GREEDY, whole, apart, Greedy.solve(apart.problem())));
    plans.add(inPlace(plans.getLast()));
    if (!fused.equals(ordered)) {
      plans.add(shared(Strategy.FUSED_POOL, fused, Sharing.IN_PLACE));
    }
    MemoryPlan overlap = shared(Strategy.OVERLAP, fused, Sharing.OVERLAP);
    plans.add(overlap);
    streamed(overlap).ifPresent(plans::add);
    return plans.stream().map(this::finished).toList();
  }

  /**
   * The plan with offsets found by the effort asked for. The exact search takes its time, so only
   * the plans that share memory best get it: those that the user is given.
   */
  private MemoryPlan finished(MemoryPlan plan) {
    boolean worth =
        plan.strategy().compareTo(Strategy.OVERLAP) >= 0 && plan.arenaBytes() > plan.lowerBound();
    if (request.effort() == Effort.FAST || !worth) {
      return plan;
    }
    // Without streams there are no slots, so that the choice of them does not matter.
    Slots slots = Slots.EACH_ROW;
    Buffers buffers = Buffers.of(plan.schedule(), Sharing.OVERLAP, slots);
    Solution exact = Offsets.solve(buffers.problem(), Effort.EXACT);
    return exact.size() <= plan.arenaBytes()
        ? MemoryPlan.of(plan.strategy(), plan.schedule(), buffers.buffers(), exact)
        : plan;
  }

  /** In the order of least peak, unless offsets serve the graph's own order better. */
  private MemoryPlan inPlace(MemoryPlan greedy) {
    MemoryPlan best = shared(Strategy.IN_PLACE, whole, Sharing.IN_PLACE);
    if (!ordered.equals(whole)) {
      MemoryPlan other = shared(Strategy.IN_PLACE, ordered, Sharing.IN_PLACE);
      best = other.arenaBytes() < best.arenaBytes() ? other : best;
    }
    return best.arenaBytes() <= greedy.arenaBytes() ? best : greedy.as(Strategy.IN_PLACE);
  }

  /** The schedule with the input gathered before the first step, where it arrives by rows. */
  private Schedule gathered(Schedule schedule) {
    return fed.map(
            f -> {
              List<Step> steps = new ArrayList<>();
              steps.add(Streams.of(schedule, 0, 0, fed).orElseThrow());
              steps.addAll(schedule.steps());
              return new Schedule(schedule.graph(), steps);
            })
        .orElse(schedule);
  }

  private Optional<MemoryPlan> streamed(MemoryPlan overlap) {
    StreamChoice choice = new StreamChoice(fused, fed);
    long smallest = choice.smallestPeak();
    if (smallest >= overlap.arenaBytes()) {
      return Optional.empty();
    }
    MemoryPlan least = smallest(choice, smallest);
    if (least.arenaBytes() >= overlap.arenaBytes()) {
      return Optional.empty();
    }
    if (request.ram().isPresent()) {
      long limit = request.ram().getAsLong();
      if (overlap.arenaBytes() > limit && least.arenaBytes() <= limit) {
        return Optional.of(fewestTurns(choice, limit).orElse(least));
      }
    }
    return Optional.of(least);
  }

  /** The smallest plan of the cuts whose bytes in use have the least peak. */
  private MemoryPlan smallest(StreamChoice choice, long peak) {
    Set<Schedule> cuts = new LinkedHashSet<>();
    for (Aim aim : Aim.values()) {
      cuts.add(choice.within(peak, aim).orElseThrow());
    }
    Optional<MemoryPlan> best = Optional.empty();
    for (Schedule cut : cuts) {
      if (best.isEmpty() || best.get().arenaBytes() > peak) {
        MemoryPlan plan = stream(cut);
        best = best.filter(b -> b.arenaBytes() <= plan.arenaBytes()).or(() -> Optional.of(plan));
      }
    }
    return best.orElseThrow();
  }

  private Optional<MemoryPlan> fewestTurns(StreamChoice choice, long ram) {
    long limit = ram;
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      Optional<Schedule> schedule = choice.within(limit, Aim.TURNS);
      if (schedule.isEmpty()) {
        return Optional.empty();
      }
      MemoryPlan plan = stream(schedule.get());
      if (plan.arenaBytes() <= ram) {
        return Optional.of(plan);
      }
      limit -= plan.arenaBytes() - ram;
    }
    return Optional.empty();
  }

  /** Few slots for a map's rows if offsets waste nothing with them, else more and more. */
  private MemoryPlan stream(Schedule schedule) {
    Buffers few = Buffers.of(schedule, Sharing.OVERLAP, Slots.FEWEST);
    Solution greedy = Greedy.solve(few.problem());
    if (greedy.gap() == 0) {
      return MemoryPlan.of(Strategy.STREAM, schedule, few.buffers(), greedy);
    }
    MemoryPlan periodic = solved(Strategy.STREAM, schedule, Sharing.OVERLAP, Slots.PERIODIC);
    if (periodic.arenaBytes() <= periodic.lowerBound()) {
      return periodic;
    }
    MemoryPlan each = solved(Strategy.STREAM, schedule, Sharing.OVERLAP, Slots.EACH_ROW);
    long saved = (each.buffers().size() - periodic.buffers().size()) * SLOT_BYTES;
    long lost = periodic.arenaBytes() - each.arenaBytes();
    return lost * FLASH_FOR_RAM <= Math.max(0, saved) ? periodic : each;
  }

  /**
   * A plan that streams as much as can be streamed, whether that saves memory or not: the widest
   * use of streams, for tests that compare strategies.
   */
  public static MemoryPlan everythingStreamed(PlanRequest request) {
    MemoryPlanner planner = new MemoryPlanner(request);
    List<Step> singles = planner.fused.steps();
    List<Step> steps = new ArrayList<>();
    Optional<Step.Fed> fed = planner.fed;
    for (int from = 0; from < singles.size() || fed.isPresent(); ) {
      int until = from;
      while (until < singles.size()
          && Streams.of(planner.fused, from, until + 1, fed).isPresent()) {
        until++;
      }
      if (until > from || fed.isPresent()) {
        steps.add(Streams.of(planner.fused, from, until, fed).orElseThrow());
        from = until;
      } else {
        steps.add(singles.get(from++));
      }
      fed = Optional.empty();
    }
    return planner.stream(new Schedule(planner.fused.graph(), steps));
  }

  private MemoryPlan shared(Strategy strategy, Schedule schedule, Sharing sharing) {
    return solved(strategy, gathered(schedule), sharing, Slots.FEWEST);
  }

  private MemoryPlan solved(Strategy strategy, Schedule schedule, Sharing sharing, Slots slots) {
    Buffers buffers = Buffers.of(schedule, sharing, slots);
    Solution solution = Offsets.solve(buffers.problem(), Effort.FAST);
    return MemoryPlan.of(strategy, schedule, buffers.buffers(), solution);
  }

  private MemoryPlan plan(
      Strategy strategy, Schedule schedule, Buffers buffers, Solution solution) {
    return MemoryPlan.of(strategy, gathered(schedule), buffers.buffers(), solution);
  }
}
