package dev.thimble.cli;

import dev.thimble.CompileReports;
import dev.thimble.Quantization;
import dev.thimble.exporter.CArray;
import dev.thimble.exporter.TfliteExporter;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.importer.ImportedModel;
import dev.thimble.op.Rounding;
import dev.thimble.report.ExportReport;
import dev.thimble.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code export}: writes a network, quantised here or elsewhere, as another framework's file. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a network as a file of another framework, after --calibrate quantised it, or as it",
      "is. The file takes and gives what the program does: NHWC, and int8 where quantised."
    })
final class ExportCommand implements Callable<Integer> {
  /** What a network can be written as. */
  private enum Format {
    TFLITE
  }

  /** Options that only what becomes C heeds. */
  private static final List<String> OF_PROGRAMS =
      List.of(
          "--memory",
          "--prefer",
          "--feed",
          "--offsets",
          "--ram",
          "--flash",
          "--board",
          "--classify",
          "--threshold",
          "--profile",
          "--dump-after");

  @Parameters(paramLabel = "MODEL", description = "A model file.")
  private Path model;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description = "tflite: TensorFlow Lite, which vendors' tools read.")
  private String format;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = {
        "The file to write (default: the program's name with .tflite, or with _int8.tflite where",
        "the model has that name)."
      })
  private @Nullable Path out;

  @Option(
      names = "--int4-filters",
      description = {
        "Write filters of 4 bits as INT4, half the size, where CONV_2D and FULLY_CONNECTED take",
        "them; TensorFlow Lite reads such files, Vela does not."
      })
  private boolean fourBits;

  @Option(
      names = "--c-array",
      description = "Write the file's bytes as a C array too: NAME_tflite.h and NAME_tflite.c.")
  private boolean array;

  @Option(names = "--json", description = "Print what was written as JSON to stdout.")
  private boolean json;

  @Mixin private CompileArguments arguments;

  @Override
  public Integer call() throws IOException {
    Words.choice("--to", Format.values(), format);
    ImportedModel imported = arguments.read(model, Rounding.DOUBLE);
    String name = arguments.programName(imported);
    Path file = out != null ? out : unused(name);
    Path whole = OutputFile.require(file, arguments.files(model));
    ImportedModel chosen = arguments.quantizing().apply(imported);
    Graph graph = GraphChecker.check(chosen.program().entry());
    byte[] bytes = TfliteExporter.write(graph, model.toString(), fourBits);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(String.valueOf(file.getFileName()), bytes);
    if (array) {
      CArray.of(name, bytes).forEach((each, text) -> files.put(each, text));
    }
    List<String> written = write(Objects.requireNonNull(whole.getParent()), files);
    ExportReport report =
        new ExportReport(
            CompileReports.model(imported),
            "tflite",
            file.toString(),
            bytes.length,
            written,
            operators(graph));
    if (json) {
      System.out.print(Json.write(report));
    }
    arguments.quantizing().print(System.err, imported);
    System.err.println(
        "written to "
            + file
            + ": "
            + ByteSize.grouped(bytes.length)
            + " bytes"
            + (Quantization.isQuantized(chosen)
                ? "; its integers are those of the reference kernels (double rounding)"
                : ""));
    return ExitCode.DONE;
  }

  /** The file of the program's name, or of one beside it where the model has that name. */
  private Path unused(String name) throws IOException {
    Path file = Path.of(name + ".tflite");
    if (!OutputFile.isOrHolds(model, file)) {
      return file;
    }
    return Path.of(name + (arguments.quantizing().quantizes() ? "_int8" : "_export") + ".tflite");
  }

  private static List<String> write(Path folder, Map<String, byte[]> files) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, byte[]> each : files.entrySet()) {
      Files.write(folder.resolve(each.getKey()), each.getValue());
    }
    return List.copyOf(files.keySet());
  }

  /** Takes away the options of a compilation that say nothing about a file. */
  static void offerNoProgram(CommandLine main) {
    CommandSpec spec = Objects.requireNonNull(main.getSubcommands().get("export")).getCommandSpec();
    for (String option : OF_PROGRAMS) {
      spec.remove(Objects.requireNonNull(spec.findOption(option)));
    }
  }

  private static Map<String, Integer> operators(Graph graph) {
    Map<String, Integer> counts = new TreeMap<>();
    graph.nodes().forEach(node -> counts.merge(node.op().kind(), 1, Integer::sum));
    return counts;
  }
}
