package dev.thimble.cli.bench;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.PlanChoice;
import dev.thimble.schedule.Preference;
import dev.thimble.schedule.Strategy;
import dev.thimble.target.Target;
import dev.thimble.toolchain.ProgramException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The arena of each strategy, and what streams cost in instructions. */
final class MemoryBench {
  /**
   * The reference evaluation and the simulator take minutes for networks of more
   * multiply-accumulates than these; only their memory is planned.
   */
  static final long MOST_SIMULATED_MACS = 40_000_000;

  /**
   * The arenas of one network, in bytes; null where a strategy has nothing to add.
   *
   * @param greedy what offsets by size need, as in TensorFlow Lite Micro
   * @param paper ping-pong with fused max pooling where there is one, as Unlu 2020 has it
   * @param stream with the whole input in memory
   * @param fedStream the same with the input fed by rows
   * @param fedBest the smallest of any strategy with the input fed by rows
   * @param best the smallest with the whole input in memory
   * @param lowerBound of that plan: no other offsets need less
   * @param plain the program of the strategy in-place
   */
  record Row(
      String model,
      long macs,
      long greedy,
      long paper,
      long inPlace,
      long overlap,
      @Nullable Long stream,
      @Nullable Long fedStream,
      @Nullable Long fedBest,
      long best,
      long lowerBound,
      @Nullable Run plain,
      @Nullable Run overlapped,
      @Nullable Run streamed,
      @Nullable Run fed) {
    /** What the best plan could at most save with other offsets. */
    long gap() {
      return best - lowerBound;
    }

    /** The fewest instructions of the programs that run node by node, if one was run. */
    OptionalLong wholeInstructions() {
      return Stream.of(Optional.ofNullable(plain), Optional.ofNullable(overlapped))
          .flatMap(Optional::stream)
          .flatMap(run -> Optional.ofNullable(run.instructions).stream())
          .mapToLong(Long::longValue)
          .min();
    }

    /** Whether a simulated program computed something else than its network, or did not run. */
    boolean failed() {
      return Stream.of(
              Optional.ofNullable(plain),
              Optional.ofNullable(overlapped),
              Optional.ofNullable(streamed),
              Optional.ofNullable(fed))
          .flatMap(Optional::stream)
          .anyMatch(run -> !run.equal);
    }
  }

  /**
   * One inference of a program on a simulated core.
   *
   * @param instructions null where the program could not be run
   * @param equal whether all values equal those of the network as imported
   */
  record Run(@Nullable Long instructions, boolean equal) {}

  private final Target target;
  private final boolean simulate;
  private final Consumer<String> progress;

  /** A benchmark on a target, of which programs run if {@code simulate} says so. */
  MemoryBench(Target target, boolean simulate, Consumer<String> progress) {
    this.target = target;
    this.simulate = simulate;
    this.progress = progress;
  }

  /** Measures those of the networks that compile. */
  List<Row> run(List<BenchModel> models) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (BenchModel model : models) {
      progress.accept("memory: " + model.name());
      Optional<Compilation> whole =
          model.compiled(CompileOptions.DEFAULTS.withMemory(Strategy.IN_PLACE));
      if (whole.isPresent()) {
        rows.add(row(model, whole.get()));
      } else {
        progress.accept("memory: " + model.name() + " does not compile");
      }
    }
    return rows;
  }

  private Row row(BenchModel model, Compilation whole) throws IOException {
    List<MemoryPlan> plans = whole.plans();
    Optional<Compilation> fed =
        model.compiled(CompileOptions.DEFAULTS.withFeedRows(true).withPrefer(Preference.RAM));
    boolean streams = plans.getLast().strategy() == Strategy.STREAM;
    Optional<Compilation> streamed =
        streams
            ? model.compiled(CompileOptions.DEFAULTS.withMemory(Strategy.STREAM))
            : Optional.empty();
    MemoryPlan best = PlanChoice.choose(plans, Preference.RAM);
    return new Row(
        model.name(),
        whole.graph().macs(),
        arena(plans, Strategy.GREEDY),
        arena(plans, paper(plans)),
        arena(plans, Strategy.IN_PLACE),
        arena(plans, Strategy.OVERLAP),
        streams ? arena(plans, Strategy.STREAM) : null,
        fed.filter(f -> f.plans().getLast().strategy() == Strategy.STREAM)
            .map(f -> arena(f.plans(), Strategy.STREAM))
            .orElse(null),
        fed.map(f -> f.plan().arenaBytes()).orElse(null),
        best.arenaBytes(),
        best.lowerBound(),
        simulated(Optional.of(whole)),
        simulated(model.compiled(CompileOptions.DEFAULTS.withMemory(Strategy.OVERLAP))),
        simulated(streamed),
        simulated(fed));
  }

  private static Strategy paper(List<MemoryPlan> plans) {
    boolean fused = plans.stream().anyMatch(plan -> plan.strategy() == Strategy.FUSED_POOL);
    return fused ? Strategy.FUSED_POOL : Strategy.PING_PONG;
  }

  private static long arena(List<MemoryPlan> plans, Strategy strategy) {
    return PlanChoice.choose(plans, strategy).arenaBytes();
  }

  private @Nullable Run simulated(Optional<Compilation> program) throws IOException {
    if (!simulate || program.isEmpty() || program.get().graph().macs() > MOST_SIMULATED_MACS) {
      return null;
    }
    try {
      Simulation simulation = Simulation.of(program.get(), target);
      return new Run(simulation.profile().total().instructions(), simulation.equal());
    } catch (ProgramException e) {
      progress.accept("a program failed on " + target.text() + ": " + e.getMessage());
      return new Run(null, false);
    }
  }
}
