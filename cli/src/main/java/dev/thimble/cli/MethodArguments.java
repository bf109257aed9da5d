package dev.thimble.cli;

import dev.thimble.quant.Methods;
import dev.thimble.quant.Methods.Choice;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** The switches of single ways to lose less by quantisation. */
final class MethodArguments {
  private static final String AUTO = "auto";

  @Option(
      names = "--equalize",
      paramLabel = "WHEN",
      defaultValue = AUTO,
      description =
          "on, off or auto (from balanced on): scale channels between filters that follow each"
              + " other.")
  private String equalization = AUTO;

  @Option(
      names = "--bias-absorption",
      paramLabel = "WHEN",
      defaultValue = AUTO,
      description = "on, off or auto (with best): hand high biases on to the next filter.")
  private String absorption = AUTO;

  @Option(
      names = "--bias-correction",
      paramLabel = "WHEN",
      defaultValue = AUTO,
      description = "on, off or auto (from balanced on): take back what rounding shifts.")
  private String correction = AUTO;

  @Option(
      names = "--learn-rounding",
      paramLabel = "WHEN",
      defaultValue = AUTO,
      description =
          "on, off or auto (with best): choose for each weight whether it is rounded up or down.")
  private String rounding = AUTO;

  Methods methods() {
    return new Methods(
        choice("--equalize", equalization),
        choice("--bias-absorption", absorption),
        choice("--bias-correction", correction),
        choice("--learn-rounding", rounding));
  }

  private static Choice choice(String option, String text) {
    return Words.choice(option, Choice.values(), text);
  }

  /** Whether an option says something. */
  boolean given() {
    return !recorded().isEmpty();
  }

  /** The switches that are not left alone, by their options. */
  Map<String, String> recorded() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("equalize", equalization);
    all.put("bias-absorption", absorption);
    all.put("bias-correction", correction);
    all.put("learn-rounding", rounding);
    all.values().removeIf(AUTO::equals);
    return all;
  }

  /** Takes over what a report records. */
  void as(JsonNode recorded) {
    equalization = recorded.path("equalize").asString(AUTO);
    absorption = recorded.path("bias-absorption").asString(AUTO);
    correction = recorded.path("bias-correction").asString(AUTO);
    rounding = recorded.path("learn-rounding").asString(AUTO);
  }
}
