package dev.thimble.cli;

import dev.thimble.BudgetException;
import dev.thimble.cli.bench.BenchCommand;
import dev.thimble.cli.bench.FitCostsCommand;
import dev.thimble.cli.coverage.CoverageCommand;
import dev.thimble.graph.GraphException;
import dev.thimble.importer.ModelException;
import dev.thimble.importer.data.DataException;
import dev.thimble.kernel.KernelException;
import dev.thimble.toolchain.ProgramException;
import dev.thimble.toolchain.ToolException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code thimble} command. */
@Command(
    name = "thimble",
    description = "Compiles neural networks to C for microcontrollers.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      CompileCommand.class,
      InspectCommand.class,
      EstimateCommand.class,
      RunCommand.class,
      EvaluateCommand.class,
      ExportCommand.class,
      VerifyCommand.class,
      ProfileCommand.class,
      BenchCommand.class,
      FitCostsCommand.class,
      CoverageCommand.class,
      DoctorCommand.class,
      BoardsCommand.class,
      TargetsCommand.class,
      AllocateCommand.class,
      DemoCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 done; 1 a check failed; 2 bad usage or input; 3 does not fit;",
      "4 an external tool is missing."
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    int exitCode = commandLine().execute(args);
    System.exit(written(System.out, System.err, exitCode));
  }

  /** The exit code, which is not {@link ExitCode#DONE} where results were lost. */
  static int written(PrintStream out, PrintStream err, int exitCode) {
    if (exitCode != ExitCode.DONE || !out.checkError()) {
      return exitCode;
    }
    err.println("thimble: stdout could not be written: the disk is full, or the reader has left");
    return ExitCode.BAD_INPUT;
  }

  static CommandLine commandLine() {
    CommandLine main = new CommandLine(new Main());
    InspectCommand.allowBareMemory(main);
    ExportCommand.offerNoProgram(main);
    RepeatedOptions.refuse(main);
    return main.setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((e, line, result) -> report(e, line));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "missing COMMAND");
  }

  private static int report(Exception e, CommandLine line) throws Exception {
    switch (e) {
      case BudgetException b -> {
        return fail(line, b.getMessage(), ExitCode.OVER_BUDGET);
      }
      case ProgramException p -> {
        return fail(line, p.getMessage(), ExitCode.CHECK_FAILED);
      }
      case ToolException t -> {
        return fail(line, t.getMessage(), ExitCode.TOOL_MISSING);
      }
      case ModelException m -> {
        return fail(line, m.getMessage(), ExitCode.BAD_INPUT);
      }
      case DataException d -> {
        return fail(line, d.getMessage(), ExitCode.BAD_INPUT);
      }
      case KernelException k -> {
        return fail(line, k.getMessage(), ExitCode.BAD_INPUT);
      }
      case GraphException g -> {
        return fail(line, g.getMessage(), ExitCode.BAD_INPUT);
      }
      case IllegalArgumentException i -> {
        return fail(line, i.getMessage(), ExitCode.BAD_INPUT);
      }
      case UncheckedIOException u -> {
        return fail(line, describe(Objects.requireNonNull(u.getCause())), ExitCode.BAD_INPUT);
      }
      case IOException io -> {
        return fail(line, describe(io), ExitCode.BAD_INPUT);
      }
      default -> throw e;
    }
  }

  private static String describe(IOException e) {
    return switch (e) {
      case NoSuchFileException n -> n.getFile() + ": there is no such file or folder";
      case AccessDeniedException a -> a.getFile() + ": access denied";
      case FileAlreadyExistsException f ->
          f.getFile() + ": is a file; a folder is needed in its place";
      case FileSystemException f when f.getReason() == null ->
          f.getFile() + ": cannot be read or written";
      case FileSystemException f -> String.valueOf(f.getMessage());
      default -> "reading or writing failed: " + e.getMessage();
    };
  }

  private static int fail(CommandLine line, @Nullable String message, int exitCode) {
    line.getErr().println("thimble: " + message);
    return exitCode;
  }

  /** Reads the version that the build wrote. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      try (InputStream in = Main.class.getResourceAsStream("version.txt")) {
        if (in == null) {
          throw new IOException("version.txt is not on the class path; build with ./mvnw package");
        }
        return new String[] {
          "thimble " + new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()
        };
      }
    }
  }
}
