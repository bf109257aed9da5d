package dev.thimble;

import dev.thimble.kernel.cost.CostModel;
import dev.thimble.kernel.cost.FlashStalls;
import dev.thimble.schedule.Schedule;
import dev.thimble.target.Board;
import dev.thimble.target.Region;
import dev.thimble.target.Target;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long one inference takes and what energy, by models; nothing of it is measured. What no model
 * says is null, and its basis says what is missing.
 *
 * @param kernels the cycles of each kernel, in the order of {@link KernelWork#of}; empty where the
 *     target has no model
 * @param cycles of all kernels, with memory that never makes the core wait
 * @param latencyMs at the board's clock, with the wait states of the memory that the program is in
 * @param energyUj what the board takes during that time, by the power of its data sheet
 */
record TimeEstimate(
    List<Long> kernels,
    @Nullable Long cycles,
    @Nullable String cyclesBasis,
    @Nullable Double latencyMs,
    @Nullable String latencyMsBasis,
    @Nullable Double energyUj,
    @Nullable String energyUjBasis) {
  /** Nothing is known: the target is none in particular. */
  private static final TimeEstimate NONE =
      new TimeEstimate(List.of(), null, null, null, null, null, null);

  private static final double KHZ_A_MHZ = 1000;

  TimeEstimate {
    kernels = List.copyOf(kernels);
  }

  /** The estimate for a program on a target, and on a board that has it. */
  static TimeEstimate of(Schedule schedule, Target target, Optional<Board> board) {
    Optional<CostModel> found = CostModel.of(target);
    if (found.isEmpty()) {
      return NONE;
    }
    CostModel model = found.get();
    List<KernelWork> works = KernelWork.of(schedule);
    List<Long> kernels =
        works.stream().map(work -> model.cycles(work.kernel(), work.work())).toList();
    long cycles = kernels.stream().mapToLong(Long::longValue).sum();
    String basis = basis(model, works);
    if (board.isEmpty()) {
      return new TimeEstimate(
          kernels, cycles, basis, null, "no --board gives a clock", null, "no --board gives power");
    }
    long stalls = stalls(board.get(), works, kernels);
    double latency = (cycles + stalls) / (board.get().clockMhz() * KHZ_A_MHZ);
    Optional<Board.ActivePower> power = board.get().activePower();
    return new TimeEstimate(
        kernels,
        cycles,
        basis,
        latency,
        latencyBasis(board.get(), stalls),
        power.map(p -> latency * milliwatts(p, board.get())).orElse(null),
        power
            .map(p -> energyBasis(p, board.get()))
            .orElse("no document gives the active power of " + board.get().name()));
  }

  private static String basis(CostModel model, List<KernelWork> works) {
    long own = works.stream().filter(work -> work.kernel().cycles().isPresent()).count();
    return "estimate, not measured: "
        + model.basis()
        + (own == 0 ? "" : "; " + own + " of " + works.size() + " kernels by their own formulas");
  }

  private static long stalls(Board board, List<KernelWork> works, List<Long> kernels) {
    Optional<FlashStalls> flash = board.programMemory().map(FlashStalls::new);
    long stalls = 0;
    for (int i = 0; i < works.size() && flash.isPresent(); i++) {
      stalls += flash.get().cycles(works.get(i).kernel(), works.get(i).work(), kernels.get(i));
    }
    return stalls;
  }

  private static String latencyBasis(Board board, long stalls) {
    String clock =
        "the cycles at " + number(board.clockMhz()) + " MHz (" + board.clockSource() + ")";
    Optional<Region> memory = board.programMemory();
    if (memory.isEmpty()) {
      return clock;
    }
    String name = memory.get().name();
    return memory.get().randomWaitStates().isEmpty()
        ? clock + "; wait states of " + name + " are unknown and not counted"
        : clock
            + " and about "
            + stalls
            + " of waiting for "
            + name
            + ": "
            + memory.get().randomWaitStates().getAsInt()
            + " wait states, "
            + memory.get().cache().map(Region.Cache::name).orElse("nothing that hides them");
  }

  /** The power at the board's own clock: that of a core that computes grows with its clock. */
  private static double milliwatts(Board.ActivePower power, Board board) {
    return power.milliwatts() * board.clockMhz() / power.mhz();
  }

  private static String energyBasis(Board.ActivePower power, Board board) {
    return "the latency times "
        + String.format(Locale.ROOT, "%.1f", milliwatts(power, board))
        + " mW: "
        + power.conditions()
        + " ("
        + power.source()
        + ")";
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
