package dev.thimble.cli;

import dev.thimble.InspectReports;
import dev.thimble.importer.ImportedModel;
import dev.thimble.report.CompileReport;
import dev.thimble.report.InspectReport;
import dev.thimble.report.Json;
import dev.thimble.report.picture.TextPicture;
import dev.thimble.target.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Stack;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code inspect}: shows a network and what it would need. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Shows a network: nodes, shapes, MACs, parameters, quantisation, memory.")
final class InspectCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "A model: .tflite, .onnx, .pt2, .keras or .h5.")
  private Path model;

  @Option(names = "--json", description = "Print everything as JSON to stdout.")
  private boolean json;

  @Option(
      names = "--target",
      paramLabel = "T",
      description = "The processor to plan for (default: the board's, or portable).")
  private @Nullable String target;

  @Option(
      names = "--quantization",
      description = {
        "Show where a network that --calibrate quantises, or that is quantised already, loses",
        "what: for each node, worst first, with the likely cause and the switch that mends it."
      })
  private boolean quantization;

  @Option(
      names = "--inputs",
      paramLabel = "DATA",
      description = "The samples for --quantization (default: those of --calibrate).")
  private List<String> inputs = List.of();

  @Mixin private CompileArguments arguments;

  @Override
  public Integer call() throws IOException {
    ImportedModel imported = arguments.read(model);
    boolean pictured = arguments.memoryGiven();
    Target core =
        arguments
            .board()
            .targets(target == null ? List.of() : List.of(target), Target.PORTABLE)
            .getFirst();
    if (!quantization && (!inputs.isEmpty() || arguments.quantizing().quantizes())) {
      throw new IllegalArgumentException(
          "inspect uses samples for --quantization only; add that, or leave --inputs and"
              + " --calibrate away");
    }
    if (!quantization) {
      arguments.quantizing().requireNoMethods(imported);
    }
    InspectReport report =
        InspectReports.of(imported, arguments.options(core), pictured)
            .withInFloat(
                arguments.inFloat().stream()
                    .map(each -> new CompileReport.InFloat(each.node(), each.op(), each.reason()))
                    .toList());
    if (quantization) {
      report = report.withLoss(arguments.quantizing().loss(imported, inputs, arguments.rounding()));
    }
    if (json) {
      System.out.print(Json.write(report));
    }
    if (pictured && report.picture() != null) {
      System.err.print(TextPicture.write(report.picture(), Terminal.style()));
      return ExitCode.DONE;
    }
    if (report.loss() != null) {
      LossText.print(System.err, report.loss());
      return ExitCode.DONE;
    }
    print(report);
    return ExitCode.DONE;
  }

  /** Lets {@code --memory} stand without a strategy here: it asks for the picture. */
  static void allowBareMemory(CommandLine main) {
    CommandSpec spec =
        Objects.requireNonNull(main.getSubcommands().get("inspect")).getCommandSpec();
    OptionSpec memory = spec.findOption("--memory");
    spec.remove(memory);
    spec.addOption(
        OptionSpec.builder(memory)
            .arity("0..1")
            .fallbackValue(CompileArguments.ANY_STRATEGY)
            .parameterConsumer(InspectCommand::takeStrategy)
            .description(
                "Picture the memory over time, under this strategy or the one that compile takes.")
            .build());
  }

  /** Takes the next word, unless it is an option or looks like a file. */
  private static void takeStrategy(Stack<String> words, ArgSpec memory, CommandSpec spec) {
    RepeatedOptions.requireOnce(memory, spec);
    boolean strategy = !words.isEmpty() && words.peek().matches("[a-zA-Z_]+(-[a-zA-Z_]+)*");
    memory.setValue(strategy ? words.pop() : CompileArguments.ANY_STRATEGY);
  }

  private static void print(InspectReport report) {
    System.err.printf(
        Locale.ROOT,
        "%s (%s): %d nodes, %s MACs, %s parameters in %s bytes%n",
        report.model().name(),
        report.model().format(),
        report.nodes().size(),
        ByteSize.grouped(report.macs()),
        ByteSize.grouped(report.parameters()),
        ByteSize.grouped(report.constantBytes()));
    report.inputs().forEach(p -> System.err.println("input  " + p.name() + ": " + type(p)));
    report.outputs().forEach(p -> System.err.println("output " + p.name() + ": " + type(p)));
    System.err.printf(
        Locale.ROOT, "%4s %12s  %-20s %-18s %s%n", "", "MACs", "op", "output", "name");
    int index = 0;
    for (InspectReport.NodeRow row : report.nodes()) {
      System.err.printf(
          Locale.ROOT,
          "%4d %12s  %-20s %-18s %s  %s%n",
          index++,
          ByteSize.grouped(row.macs()),
          row.op(),
          row.outputShape().toString().replace(" ", ""),
          row.name(),
          row.quantization());
    }
    report
        .memory()
        .forEach(m ->
            System.err.printf(
                Locale.ROOT,
                "arena %-12s %12s bytes%n",
                m.strategy(),
                ByteSize.grouped(m.arenaBytes())));
    report
        .inFloat()
        .forEach(each ->
            System.err.println(
                "float32: '" + each.node() + "' (" + each.op() + "): " + each.reason()));
    report.unsupported().forEach(line -> System.err.println("unsupported: " + line));
  }

  private static String type(CompileReport.Port port) {
    return port.dtype()
        + port.shape()
        + (port.scale() == null
            ? ""
            : " scale " + port.scale() + " zero point " + port.zeroPoint());
  }
}
