package dev.thimble.cli;

import dev.thimble.Compilation;
import dev.thimble.CompileReports;
import dev.thimble.Compiler;
import dev.thimble.Evaluation;
import dev.thimble.Quantization;
import dev.thimble.ScoreKind;
import dev.thimble.graph.Graph;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.data.Labels;
import dev.thimble.importer.data.Samples;
import dev.thimble.report.EvaluateReport;
import dev.thimble.report.Json;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.toolchain.ProgramRuns;
import dev.thimble.toolchain.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code evaluate}: how well a network does on samples, as floats, quantised and generated. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = {
      "Measures accuracy on samples: of the float network, of the quantised one, and of the",
      "generated C, run on the host or a simulated core."
    })
final class EvaluateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "A model file.")
  private Path model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DATA",
      description = "The samples: as --inputs of run has them. For several inputs NAME=DATA.")
  private List<String> data;

  @Option(
      names = "--labels",
      paramLabel = "L",
      description = {
        "The class of each sample: .npy, or text with one index a line, or a folder whose",
        "sub-folders name the classes. Without labels, outputs are only compared."
      })
  private @Nullable Path labels;

  @Option(names = "--limit", paramLabel = "N", description = "Only the first N samples.")
  private @Nullable Long limit;

  @Option(
      names = "--target",
      paramLabel = "T",
      description = "Where the C runs (default: on the host).")
  private @Nullable String target;

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "5",
      description = "Count samples whose class is among the K best (default: ${DEFAULT-VALUE}).")
  private int top = 5;

  @Option(
      names = "--score",
      paramLabel = "WHAT",
      defaultValue = "classes",
      description = {
        "What outputs say: classes, or reconstruction: the input again, of which the error tells",
        "unusual samples, of label 1 (default: ${DEFAULT-VALUE})."
      })
  private String score = "classes";

  @Option(
      names = "--metric",
      paramLabel = "JAR[=CLASS]",
      description = "A figure of your own: a class that implements dev.thimble.Metric.")
  private List<String> metrics = List.of();

  @Option(names = "--json", description = "Print the figures as JSON to stdout.")
  private boolean json;

  /** The figures that the table has, or leaves out; others are users' own. */
  private static final Set<String> FIGURES =
      Set.of(
          "agreement_with_float",
          "agreement_with_quantized",
          "identical_to_float",
          "identical_to_quantized",
          "mean_squared_error",
          "largest_error",
          "snr_db",
          "auc");

  @Mixin private CompileArguments arguments;

  @Override
  public Integer call() throws IOException {
    if (json && arguments.dumps()) {
      throw new IllegalArgumentException("--json and --dump-after both want stdout; choose one");
    }
    if (limit != null && limit < 1) {
      throw new IllegalArgumentException("--limit must be >= 1, was " + limit);
    }
    if (top < 1) {
      throw new IllegalArgumentException("--top must be >= 1, was " + top);
    }
    List<String> given = target == null ? List.of() : List.of(target);
    Target core = arguments.board().targets(given, Target.PORTABLE).getFirst();
    ImportedModel imported = arguments.read(model);
    List<Integer> classes = labels == null ? List.of() : Labels.read(labels, classes(imported));
    Iterable<List<Tensor>> samples =
        Samples.streamSource(data, imported.inputs(), arguments.quantizing().images());
    EvaluateReport report = evaluate(imported, core, samples, classes);
    if (json) {
      System.out.print(Json.write(report.fields()));
    }
    print(report);
    return ExitCode.DONE;
  }

  /** How many classes the outputs tell apart; without a limit where they are no scores. */
  private int classes(ImportedModel imported) {
    TensorType type = imported.program().entry().outputs().getFirst().type();
    boolean scores = type.isFloat() || type.isQuantized();
    boolean classifies = Words.choice("--score", ScoreKind.values(), score) == ScoreKind.CLASSES;
    return scores && classifies && type.elements() > 1 ? type.elements() : Integer.MAX_VALUE;
  }

  private EvaluateReport evaluate(
      ImportedModel imported, Target core, Iterable<List<Tensor>> samples, List<Integer> classes)
      throws IOException {
    Compilation compilation = arguments.compile(imported, core);
    boolean given = Quantization.isQuantized(imported);
    boolean made = arguments.quantizing().quantizes();
    Optional<Graph> floats =
        given
            ? Optional.empty()
            : Optional.of(
                Compiler.reference(
                    arguments.quantizing().preprocessed(imported), compilation.options()));
    Optional<Graph> quantized =
        given || made ? Optional.of(compilation.reference()) : Optional.empty();
    long most = limit == null ? Long.MAX_VALUE : limit;
    ScoreKind kind = Words.choice("--score", ScoreKind.values(), score);
    try (Workspace scratch = Workspace.create();
        OwnMetrics own = OwnMetrics.load(metrics);
        Progress progress = Progress.of("evaluating", classes.isEmpty() ? -1 : classes.size())) {
      Programs.write(compilation, model, scratch.folder(), arguments.quantizing());
      try (ProgramRuns runs =
          ProgramRuns.build(
              compilation.subject(scratch.folder()),
              core,
              compilation.options().prefer().small())) {
        Map<String, EvaluateReport.Variant> variants =
            new Evaluation(
                    floats,
                    quantized,
                    compilation.options().rounding(),
                    runs::run,
                    new Evaluation.Judgement(top, kind, own::make))
                .run(samples, classes, most, progress::step);
        return new EvaluateReport(
            CompileReports.model(imported),
            variants.values().iterator().next().samples(),
            !classes.isEmpty(),
            variants,
            arguments.quantizing().row(Path.of("")).orElse(null));
      }
    }
  }

  private void print(EvaluateReport report) {
    System.err.printf(
        Locale.ROOT,
        "%s: %s samples%n%-10s %9s %9s %10s %12s %8s %7s%n",
        report.model().name(),
        ByteSize.grouped(report.samples()),
        "",
        "accuracy",
        "top " + top,
        "agreement",
        "mean sq. err",
        "SNR",
        "AUC");
    report
        .variants()
        .forEach((name, variant) -> {
          Map<String, Double> m = variant.metrics();
          Double agreement =
              m.getOrDefault("agreement_with_float", m.get("agreement_with_quantized"));
          System.err.printf(
              Locale.ROOT,
              "%-10s %9s %9s %10s %12s %8s %7s%n",
              name,
              percent(variant.accuracy()),
              percent(m.get("top_" + top)),
              percent(agreement),
              m.containsKey("mean_squared_error")
                  ? String.format(Locale.ROOT, "%.3g", m.get("mean_squared_error"))
                  : "",
              m.containsKey("snr_db") ? String.format(Locale.ROOT, "%.1f dB", m.get("snr_db")) : "",
              m.containsKey("auc") ? String.format(Locale.ROOT, "%.4f", m.get("auc")) : "");
          m.forEach((figure, value) -> {
            if (figure.startsWith("rank_correlation")
                || !(FIGURES.contains(figure) || figure.startsWith("top_"))) {
              System.err.printf(Locale.ROOT, "%-10s %s %.6g%n", "", figure, value);
            }
          });
        });
    System.err.println(
        "quantized is compared with float, c with quantized where there is one, else with float");
  }

  private static String percent(@Nullable Double part) {
    return part == null ? "" : String.format(Locale.ROOT, "%.2f %%", 100 * part);
  }
}
