package dev.thimble.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/**
 * Refuses what a command line says twice, where one of the two would silently win: options that
 * take one value, and of those that are repeated the values for the same thing.
 */
final class RepeatedOptions {
  /** What is said of the whole network, or of single nodes: {@code P} or {@code NODE=P}. */
  private static final String PRECISION = "--precision";

  /** Samples: {@code DATA} or {@code NAME=DATA}; repeated names are the reader's to find. */
  private static final List<String> OF_DATA = List.of("--calibrate", "--inputs", "--data");

  private RepeatedOptions() {}

  /** Lets a command line with all its commands refuse them. */
  static void refuse(CommandLine main) {
    IParameterExceptionHandler usual = main.getParameterExceptionHandler();
    main.setParameterExceptionHandler((e, args) ->
            e instanceof OverwrittenOptionException twice
                ? fail(twice)
                : usual.handleParseException(e, args))
        .setExecutionStrategy(result -> {
          require(result);
          return new RunLast().execute(result);
        });
  }

  /** Refuses an option of one value that has one already, where a command reads it by itself. */
  static void requireOnce(ArgSpec option, CommandSpec spec) {
    if (option.getValue() != null) {
      throw twice(option, spec.commandLine(), "give it once");
    }
  }

  private static void require(ParseResult result) {
    for (ParseResult each = result; each != null; each = next(each)) {
      for (OptionSpec option : each.matchedOptionsSet()) {
        CommandLine line = each.commandSpec().commandLine();
        if (option.longestName().equals(PRECISION)) {
          requireOnePrecision(option, line);
        } else if (OF_DATA.contains(option.longestName())) {
          requireNames(option, line);
        }
      }
    }
  }

  private static @Nullable ParseResult next(ParseResult result) {
    return result.hasSubcommand() ? result.subcommand() : null;
  }

  private static void requireOnePrecision(OptionSpec option, CommandLine line) {
    Map<String, String> given = new LinkedHashMap<>();
    for (String text : option.stringValues()) {
      int at = Math.max(0, text.lastIndexOf('='));
      String before = given.put(text.substring(0, at), text);
      if (before != null) {
        String what = at == 0 ? "" : " for '" + text.substring(0, at) + "'";
        throw twice(option, line, before, text, "give one of them" + what);
      }
    }
  }

  private static void requireNames(OptionSpec option, CommandLine line) {
    List<String> bare =
        option.stringValues().stream().filter(text -> text.indexOf('=') < 0).toList();
    if (bare.size() > 1) {
      throw twice(
          option,
          line,
          bare.get(0),
          bare.get(1),
          "give one of them, or NAME=DATA for each input of the network");
    }
  }

  private static ParameterException twice(ArgSpec option, CommandLine line, String remedy) {
    return new OverwrittenOptionException(
        line, option, name(option) + " is given twice; " + remedy);
  }

  private static ParameterException twice(
      ArgSpec option, CommandLine line, String first, String second, String remedy) {
    String values = " is given twice, '" + first + "' and '" + second + "'; ";
    return new OverwrittenOptionException(line, option, name(option) + values + remedy);
  }

  private static String name(ArgSpec option) {
    return option instanceof OptionSpec named ? named.longestName() : option.paramLabel();
  }

  /** One line, and not all of the usage: what is wrong would scroll away. */
  private static int fail(OverwrittenOptionException e) {
    String option = name(e.getOverwritten());
    String own = Objects.requireNonNullElse(e.getMessage(), "");
    String message = own.startsWith(option) ? own : option + " is given twice; give it once";
    e.getCommandLine().getErr().println("thimble: " + message);
    return ExitCode.BAD_INPUT;
  }
}
