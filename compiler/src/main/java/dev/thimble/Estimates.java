package dev.thimble;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.GraphException;
import dev.thimble.importer.ImportedModel;
import dev.thimble.kernel.KernelException;
import dev.thimble.op.MixedConv2d;
import dev.thimble.quant.TypeTwin;
import dev.thimble.report.EstimateReport;
import dev.thimble.report.EstimateReport.Variant;
import dev.thimble.rewrite.RewriteOptions;
import dev.thimble.rewrite.Rewriter;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.Preference;
import dev.thimble.target.Board;
import dev.thimble.target.Target;
import dev.thimble.tensor.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds what a network would take on boards, by compiling it for each; no C compiler is needed. */
public final class Estimates {
  private static final String CODE_BASIS =
      "estimate from the statements of the kernels; profile measures it";

  /** A network of one kind of elements, or why there is none. */
  private record Given(
      String precision, boolean asGiven, Optional<ImportedModel> model, String reason) {}

  private final ImportedModel model;
  private final List<Given> models;
  private final CompileOptions options;

  /** What a network takes without limits, for each kind of elements and each target. */
  private final Map<Target, Map<String, Compilation>> unlimited = new EnumMap<>(Target.class);

  /**
   * The network as it is given, and with elements of the other kind.
   *
   * @param options whose target and board are those of each estimate instead
   */
  public Estimates(ImportedModel model, CompileOptions options) {
    this.model = model;
    this.options = options;
    boolean quantized = TypeTwin.isQuantized(model.program().entry());
    Given given = new Given(elements(model, quantized), true, Optional.of(model), "");
    this.models = List.of(given, twin(model, precision(!quantized), options));
  }

  /** What elements a network has: int16 where some activations are. */
  private static String elements(ImportedModel model, boolean quantized) {
    boolean wide =
        model.program().entry().nodes().stream()
            .flatMap(node -> node.outputs().stream())
            .anyMatch(value -> value.type().dtype() == DType.INT16);
    return wide ? "int16" : precision(quantized);
  }

  private static String precision(boolean quantized) {
    return quantized ? "int8" : "float32";
  }

  private static Given twin(ImportedModel model, String precision, CompileOptions options) {
    if (model.program().entry().nodes().stream().anyMatch(n -> n.op() instanceof MixedConv2d)) {
      return new Given(
          precision,
          false,
          Optional.empty(),
          "not estimated: its activations and filters are of different kinds");
    }
    try {
      Graph graph = GraphChecker.check(model.program().entry());
      if (precision.equals("int8")) {
        // What is folded into filters as floats would stay a node of its own behind rounding.
        graph = Rewriter.run(graph, RewriteOptions.of(options.rounding())).graph();
      }
      Graph twin = GraphChecker.check(TypeTwin.of(graph));
      return new Given(precision, false, Optional.of(model.with(twin)), "");
    } catch (GraphException | IllegalArgumentException | IllegalStateException e) {
      return new Given(
          precision, false, Optional.empty(), "no such network can be made: " + firstLine(e));
    }
  }

  /**
   * The estimates for a board. Throws as {@link Compiler#compile} does where the network as it is
   * given has no program, but not where that does not fit.
   */
  public EstimateReport.BoardRow on(Board board) {
    List<Variant> variants = new ArrayList<>();
    for (Given given : models) {
      variants.add(on(board, given));
    }
    return new EstimateReport.BoardRow(
        board.name(), board.target().text(), board.clockMhz(), variants);
  }

  /** The report of such estimates. */
  public EstimateReport report(List<EstimateReport.BoardRow> boards) {
    return new EstimateReport(
        CompileReports.model(model, null),
        CompileReports.options(options, model.options()),
        boards);
  }

  private Variant on(Board board, Given given) {
    if (given.model().isEmpty()) {
      return nothing(board, given, given.reason());
    }
    ImportedModel network = given.model().get();
    try {
      Compilation free = unlimited(board.target(), given, network);
      return fits(free, board)
          ? variant(board, given, free, Optional.empty())
          : limited(board, given, network, free);
    } catch (KernelException | GraphException | IllegalArgumentException | BudgetException e) {
      if (given.asGiven()) {
        throw e;
      }
      return nothing(board, given, "no such program can be made: " + firstLine(e));
    }
  }

  private Compilation unlimited(Target target, Given given, ImportedModel network) {
    return unlimited
        .computeIfAbsent(target, t -> new HashMap<>())
        .computeIfAbsent(
            given.precision(),
            p -> Compiler.compile(network, optionsFor(target, Limits.NONE), Stage.Listener.NONE));
  }

  /**
   * Whether a program made without limits is that for the board too: it is what is preferred, and
   * the largest memories of the board hold it.
   */
  private boolean fits(Compilation free, Board board) {
    Limits limits = limits(board);
    boolean placed =
        options.prefer() == Preference.SPEED
            && new BoardMemory(optionsFor(board.target(), limits)).several();
    long flash =
        free.program().sizes().weights()
            + CodeEstimate.bytes(free.plan().schedule(), free.options());
    return !placed
        && free.plan().arenaBytes() <= limits.arenaBytes().orElse(0)
        && limits.program().stream().allMatch(limit -> flash <= limit.bytes());
  }

  /** The program that fits the board, or the one without limits with why it does not. */
  private Variant limited(Board board, Given given, ImportedModel network, Compilation free) {
    try {
      CompileOptions limited = optionsFor(board.target(), limits(board));
      Compilation fitting = Compiler.compile(network, limited, Stage.Listener.NONE);
      return variant(board, given, fitting, Optional.empty());
    } catch (BudgetException e) {
      return variant(board, given, free, Optional.of(firstLine(e)));
    }
  }

  private Limits limits(Board board) {
    return new Limits(options.limits().ram(), options.limits().flash(), Optional.of(board));
  }

  private CompileOptions optionsFor(Target target, Limits limits) {
    return options.withTarget(target).withLimits(limits);
  }

  private static Variant variant(
      Board board, Given given, Compilation compilation, Optional<String> reason) {
    long weights = compilation.program().sizes().weights();
    Target target = compilation.options().target();
    // Of what does not fit, the plan that comes nearest to it.
    MemoryPlan plan =
        reason.isEmpty()
            ? compilation.plan()
            : Collections.min(
                compilation.plans(), Comparator.comparingLong(MemoryPlan::arenaBytes));
    long code = CodeEstimate.bytes(plan.schedule(), compilation.options());
    TimeEstimate time = TimeEstimate.of(plan.schedule(), target, Optional.of(board));
    return new Variant(
        given.precision(),
        given.asGiven(),
        reason.isEmpty(),
        reason.orElse(null),
        compilation.graph().macs(),
        plan.arenaBytes(),
        plan.strategy().text(),
        Limits.arenaBytes(board),
        weights,
        code,
        CODE_BASIS,
        weights + code,
        board.flashBytes(),
        time.cycles(),
        time.cyclesBasis(),
        time.latencyMs(),
        time.latencyMsBasis(),
        time.energyUj(),
        time.energyUjBasis());
  }

  private static Variant nothing(Board board, Given given, String reason) {
    return new Variant(
        given.precision(),
        given.asGiven(),
        given.asGiven() ? false : null,
        reason,
        null,
        null,
        null,
        Limits.arenaBytes(board),
        null,
        null,
        CODE_BASIS,
        null,
        board.flashBytes(),
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
