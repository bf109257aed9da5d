package dev.thimble.cli.bench;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.CompileReports;
import dev.thimble.Limits;
import dev.thimble.graph.Node;
import dev.thimble.schedule.Preference;
import dev.thimble.target.Target;
import dev.thimble.toolchain.Profile;
import dev.thimble.toolchain.ProgramException;
import dev.thimble.toolchain.Simulated;
import dev.thimble.toolchain.ToolException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one inference costs on every simulated core. */
final class SpeedBench {
  /** The cores on which every network is run; the others run those of MLPerf Tiny. */
  private static final List<Target> ALL_NETWORKS =
      List.of(
          Target.CORTEX_M4,
          Target.CORTEX_M55,
          Target.CORTEX_M0PLUS,
          Target.RV32IMC,
          Target.RV64GCV);

  /** How the program was asked for. */
  enum Variant {
    SPEED("speed", Preference.SPEED, OptionalLong.empty()),
    WIDE("speed, flash 512K", Preference.SPEED, OptionalLong.of(512 * 1024)),
    RAM("ram", Preference.RAM, OptionalLong.empty());

    private final String text;
    private final Preference prefer;
    private final OptionalLong flash;

    Variant(String text, Preference prefer, OptionalLong flash) {
      this.text = text;
      this.prefer = prefer;
      this.flash = flash;
    }

    String text() {
      return text;
    }

    private CompileOptions options(Target target) {
      return CompileOptions.DEFAULTS
          .withTarget(target)
          .withPrefer(prefer)
          .withLimits(new Limits(OptionalLong.empty(), flash, Optional.empty()));
    }
  }

  /** Instructions, elements of vector instructions at most, and what both are divided by. */
  record Cost(long instructions, long elements, long units) {
    Cost plus(Cost other) {
      return new Cost(
          instructions + other.instructions, elements + other.elements, units + other.units);
    }

    double each() {
      return (double) instructions / units;
    }

    double elementsEach() {
      return (double) elements / units;
    }
  }

  /**
   * One inference; sizes in bytes.
   *
   * @param benchmark whether the network is one of MLPerf Tiny
   * @param cycles an estimate by a model of the core, if there is one
   * @param elements what vector instructions work on at most, on RISC-V
   * @param estimatedCycles what is said of the program before it is built, if there is a model
   * @param estimatedCode the same of its code
   * @param equal whether all values equal those of the network as imported
   * @param classes the cost of the nodes of each class
   */
  record Row(
      String model,
      boolean benchmark,
      Target target,
      Variant variant,
      long instructions,
      @Nullable Long cycles,
      long arena,
      long weights,
      long filters,
      long code,
      long stack,
      long unaligned,
      long elements,
      @Nullable Long estimatedCycles,
      long estimatedCode,
      boolean equal,
      Map<NodeClass, Cost> classes) {}

  /**
   * What was measured.
   *
   * @param failures a line for each program that could not be run
   */
  record Result(List<Row> rows, List<String> failures) {
    boolean failed() {
      return !failures.isEmpty() || rows.stream().anyMatch(row -> !row.equal);
    }
  }

  private final Consumer<String> progress;
  private final List<Row> rows = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  SpeedBench(Consumer<String> progress) {
    this.progress = progress;
  }

  /** Measures on every core whose tools are installed. */
  Result run(List<BenchModel> models) throws IOException {
    for (Target target : Target.values()) {
      if (!Simulated.profiles(target)) {
        continue;
      }
      try {
        for (BenchModel model : models) {
          boolean benchmark = model.isBenchmark();
          if (benchmark || ALL_NETWORKS.contains(target)) {
            measure(model, target, Variant.SPEED);
          }
          if (benchmark && target == Target.CORTEX_M4) {
            measure(model, target, Variant.WIDE);
            measure(model, target, Variant.RAM);
          }
        }
      } catch (ToolException e) {
        progress.accept("speed: " + target.text() + " is left out: " + e.getMessage());
      }
    }
    return new Result(rows, failures);
  }

  private void measure(BenchModel model, Target target, Variant variant) throws IOException {
    progress.accept("speed: " + target.text() + ", " + variant.text() + ": " + model.name());
    Optional<Compilation> program = model.compiled(variant.options(target));
    if (program.isEmpty() || program.get().graph().macs() > MemoryBench.MOST_SIMULATED_MACS) {
      return;
    }
    Compilation compilation = program.get();
    try {
      rows.add(row(model, variant, target, compilation, Simulation.of(compilation, target)));
    } catch (ProgramException e) {
      failures.add(model.name() + " on " + target.text());
      progress.accept("a program failed on " + target.text() + ": " + e.getMessage());
    }
  }

  private static Row row(
      BenchModel model,
      Variant variant,
      Target target,
      Compilation compilation,
      Simulation simulation) {
    Profile profile = simulation.profile();
    return new Row(
        model.name(),
        model.isBenchmark(),
        target,
        variant,
        profile.total().instructions(),
        profile.cyclesBasis().isPresent() ? profile.total().cycles() : null,
        compilation.plan().arenaBytes(),
        compilation.program().sizes().weights(),
        compilation.program().sizes().filters(),
        profile.codeBytes(),
        profile.stackBytes(),
        profile.total().unaligned(),
        profile.total().elements(),
        CompileReports.of(compilation, Optional.empty()).cycles(),
        compilation.codeEstimate(),
        simulation.equal(),
        classes(compilation, profile));
  }

  /** Of nodes that have a function to themselves; fused ones belong to no class. */
  private static Map<NodeClass, Cost> classes(Compilation compilation, Profile profile) {
    Map<NodeClass, Cost> classes = new EnumMap<>(NodeClass.class);
    List<Integer> functions = compilation.program().nodes();
    for (int i = 0; i < functions.size(); i++) {
      int function = functions.get(i);
      Node node = compilation.graph().nodes().get(i);
      Profile.Counts counts = profile.functions().get(function);
      boolean alone = functions.stream().filter(f -> f == function).count() == 1;
      if (counts != null && alone) {
        Cost cost = new Cost(counts.instructions(), counts.elements(), NodeClass.units(node));
        NodeClass.of(node).ifPresent(c -> classes.merge(c, cost, Cost::plus));
      }
    }
    return classes;
  }

  /** The rows of a target and variant, in the order of the networks. */
  static List<Row> of(List<Row> rows, Target target, Variant variant) {
    return rows.stream().filter(row -> row.target == target && row.variant == variant).toList();
  }
}
