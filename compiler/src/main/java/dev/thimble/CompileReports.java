package dev.thimble;

import dev.thimble.codegen.CProgram;
import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.importer.ImportOptions;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.IoInfo;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.Parameter;
import dev.thimble.report.CompileReport;
import dev.thimble.schedule.ArenaUse;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.Schedule;
import dev.thimble.schedule.Step;
import dev.thimble.schedule.Timeline;
import dev.thimble.target.Board;
import dev.thimble.target.BoardWriter;
import dev.thimble.target.Target;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Makes the report of a compilation. */
public final class CompileReports {
  private CompileReports() {}

  /**
   * The report.
   *
   * @param modelPath the model's file relative to the folder of the report, if it is written
   */
  public static CompileReport of(Compilation compilation, Optional<String> modelPath) {
    return of(compilation, modelPath, Optional.empty());
  }

  /**
   * The report.
   *
   * @param modelPath the model's file relative to the folder of the report, if it is written
   * @param weightsPath the file of its weights, if they are not its own, relative to that folder
   */
  public static CompileReport of(
      Compilation compilation, Optional<String> modelPath, Optional<String> weightsPath) {
    ArenaUse use = ArenaUse.of(compilation.plan());
    CProgram.Sizes sizes = compilation.program().sizes();
    TimeEstimate time = compilation.time();
    return new CompileReport(
        model(compilation.model(), modelPath.orElse(null)),
        ports(compilation.model(), compilation.graph().inputs()),
        ports(compilation.model(), compilation.graph().outputs()),
        compilation.program().name().lower(),
        compilation.options().target().text(),
        compilation.options().limits().board().map(Board::name).orElse(null),
        options(compilation.options(), compilation.model().options(), weightsPath),
        compilation.imported().macs(),
        compilation.graph().macs(),
        sizes.filters(),
        sizes.biasRequant(),
        sizes.weights(),
        null,
        null,
        compilation.plan().arenaBytes(),
        new CompileReport.Arena(
            use.state(), use.input(), use.output(), use.activations(), use.scratch(), use.holes()),
        compilation.plan().lowerBound(),
        compilation.plan().strategy().text(),
        time.cycles(),
        time.cyclesBasis(),
        time.latencyMs(),
        time.latencyMsBasis(),
        time.energyUj(),
        time.energyUjBasis(),
        nodes(compilation, time),
        steps(compilation.plan().schedule()),
        use.buffers().stream()
            .map(b ->
                new CompileReport.BufferRow(b.name(), b.offset(), b.bytes(), b.first(), b.last()))
            .toList(),
        compilation.rewrites().stream()
            .map(count -> new CompileReport.RewriteRow(count.rule(), count.count()))
            .toList(),
        alternatives(compilation),
        regions(compilation.plan()),
        prefetch(compilation.plan()),
        null);
  }

  private static List<CompileReport.RegionRow> regions(MemoryPlan plan) {
    return plan.regions().stream()
        .map(region -> {
          OptionalLong address = region.memory().address();
          return new CompileReport.RegionRow(
              region.memory().name(),
              region.start(),
              region.bytes(),
              region.memory().bytes(),
              address.isPresent()
                  ? String.format(Locale.ROOT, "0x%08x", address.getAsLong())
                  : null,
              region.memory().section().orElse(null),
              region.accessBytes());
        })
        .toList();
  }

  private static List<CompileReport.PrefetchRow> prefetch(MemoryPlan plan) {
    return plan.copies().stream()
        .map(copy ->
            new CompileReport.PrefetchRow(
                plan.schedule().steps().get(copy.step()).nodes().getFirst().name(),
                copy.step(),
                copy.from(),
                copy.offset(),
                copy.bytes()))
        .toList();
  }

  private static List<CompileReport.StepRow> steps(Schedule schedule) {
    Timeline timeline = Timeline.of(schedule);
    List<CompileReport.StepRow> rows = new ArrayList<>();
    for (int i = 0; i < schedule.steps().size(); i++) {
      Step step = schedule.steps().get(i);
      rows.add(
          new CompileReport.StepRow(
              step.nodes().stream().map(Node::name).toList(),
              step instanceof Step.Stream,
              timeline.first(i),
              timeline.last(i)));
    }
    return rows;
  }

  /** What reports say of a model. */
  public static CompileReport.Model model(ImportedModel model) {
    return model(model, null);
  }

  static CompileReport.Model model(ImportedModel model, @Nullable String path) {
    return new CompileReport.Model(model.program().name(), model.format(), model.sha256(), path);
  }

  static List<CompileReport.Alternative> alternatives(Compilation compilation) {
    Target target = compilation.options().target();
    return compilation.plans().stream()
        .map(plan ->
            new CompileReport.Alternative(
                plan.strategy().text(),
                plan.arenaBytes(),
                TimeEstimate.of(plan.schedule(), target, Optional.empty()).cycles()))
        .toList();
  }

  /** The inputs or outputs of a graph made from this network. */
  static List<CompileReport.Port> ports(ImportedModel model, List<Value> ends) {
    return ends.stream().map(end -> port(model.info(end))).toList();
  }

  private static CompileReport.Port port(IoInfo info) {
    Value value = info.value();
    TensorType type = value.type();
    boolean perTensor = type.quant() instanceof QuantParams.PerTensor;
    return new CompileReport.Port(
        value.name(),
        type.dtype().reportName(),
        shape(type.shape()),
        info.layout().orElse("row-major"),
        shape(info.sourceShape()),
        perTensor ? type.scale() : null,
        perTensor ? type.zeroPoint() : null);
  }

  private static List<Integer> shape(Shape shape) {
    return Arrays.stream(shape.dims()).boxed().toList();
  }

  static Map<String, Object> options(CompileOptions options, ImportOptions imports) {
    return options(options, imports, Optional.empty());
  }

  private static Map<String, Object> options(
      CompileOptions options, ImportOptions imports, Optional<String> weightsPath) {
    Map<String, Object> map = new LinkedHashMap<>();
    if (!imports.shapes().isEmpty()) {
      map.put("shape", imports.shapes());
    }
    if (!imports.constants().isEmpty()) {
      map.put("constant", GivenConstants.fields(imports.constants()));
    }
    if (imports.narrow()) {
      map.put("float64", "narrow");
    }
    weightsPath.ifPresent(path -> map.put("weights", path));
    map.put("target", options.target().text());
    map.put(
        "rounding",
        imports.roundsFloats() ? "float" : options.rounding().name().toLowerCase(Locale.ROOT));
    map.put("prefer", options.prefer().text());
    map.put("feed", options.feedRows() ? "rows" : "whole");
    map.put("offsets", options.offsets().name().toLowerCase(Locale.ROOT));
    options.memory().ifPresent(strategy -> map.put("memory", strategy.text()));
    Limits limits = options.limits();
    limits.board().ifPresent(board -> map.put("board", BoardWriter.fields(board)));
    limits.ram().ifPresent(bytes -> map.put("ram", bytes));
    limits.flash().ifPresent(bytes -> map.put("flash", bytes));
    if (options.profile()) {
      map.put("profile", true);
    }
    if (options.decision().classify()) {
      map.put("classify", true);
    }
    options.decision().threshold().ifPresent(x -> map.put("threshold", x));
    return map;
  }

  static List<CompileReport.NodeRow> nodes(Compilation compilation) {
    return nodes(compilation, compilation.time());
  }

  private static List<CompileReport.NodeRow> nodes(Compilation compilation, TimeEstimate time) {
    Graph graph = compilation.graph();
    Map<Node, CompileReport.NodeRow> rows = new HashMap<>();
    List<KernelWork> works = KernelWork.of(compilation.plan().schedule());
    for (int i = 0; i < works.size(); i++) {
      add(rows, works.get(i), time.kernels().isEmpty() ? null : time.kernels().get(i));
    }
    return new ArrayList<>(graph.nodes().stream().map(rows::get).toList());
  }

  private static void add(
      Map<Node, CompileReport.NodeRow> rows, KernelWork work, @Nullable Long cycles) {
    Kernel kernel = work.kernel();
    long weights = 0;
    for (Parameter.Role role : Parameter.Role.values()) {
      weights += kernel.tableBytes(role);
    }
    for (Node node : work.nodes()) {
      // The tables of a kernel that serves two nodes are those of the first, its time the last's.
      boolean first = node == work.nodes().getFirst();
      boolean last = node == work.nodes().getLast();
      rows.put(
          node,
          new CompileReport.NodeRow(
              node.name(),
              node.op().kind(),
              kernel.function(),
              shape(node.output().type().shape()),
              node.macs(),
              first ? weights : 0,
              null,
              last ? cycles : null,
              work.streamed()));
    }
  }
}
