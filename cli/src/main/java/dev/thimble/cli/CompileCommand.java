package dev.thimble.cli;

import dev.thimble.Compilation;
import dev.thimble.importer.ImportedModel;
import dev.thimble.report.CompileReport;
import dev.thimble.report.Json;
import dev.thimble.target.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code compile}: writes the C and prints the figures. */
@Command(
    name = "compile",
    mixinStandardHelpOptions = true,
    description = "Writes the C for a network and prints what it needs.")
final class CompileCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "A model: .tflite, .onnx, .pt2, .keras or .h5.")
  private Path model;

  @Option(
      names = "--target",
      paramLabel = "T",
      description = "The processor (default: that of the board, or portable).")
  private @Nullable String target;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where to write (default: a folder of the program's name).")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print report.json to stdout.")
  private boolean json;

  @Mixin private CompileArguments arguments;

  @Override
  public Integer call() throws IOException {
    if (json && arguments.dumps()) {
      throw new IllegalArgumentException("--json and --dump-after both want stdout; choose one");
    }
    if (out != null && out.toString().isEmpty()) {
      throw new IllegalArgumentException("--out is empty; name a folder, '.' for this one");
    }
    List<String> given = target == null ? List.of() : List.of(target);
    Target processor = arguments.board().targets(given, Target.PORTABLE).getFirst();
    ImportedModel imported = arguments.read(model);
    Compilation compilation = arguments.compile(imported, processor);
    Path folder = out != null ? out : Path.of(compilation.program().name().lower());
    OutputFile.requireNone(folder, Programs.files(compilation), arguments.files(model));
    CompileReport report =
        Programs.write(
            compilation, model, folder, arguments.quantizing(), arguments.quantizing().loss());
    if (json) {
      System.out.print(Json.write(report));
    }
    FigureText.print(System.err, report);
    arguments.quantizing().print(System.err, imported);
    System.err.println("written to " + folder);
    return ExitCode.DONE;
  }
}
