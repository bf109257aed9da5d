package dev.thimble.cli;

import dev.thimble.quant.ActivationTypes;
import dev.thimble.quant.QuantizeSettings;
import dev.thimble.quant.WeightFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** The options that say how many bits a quantised network has, as a whole and at single nodes. */
final class PrecisionArguments {
  private static final String MODEL = "model";
  private static final String AUTO = "auto";

  /** The part of all activations that may become int16 unless it is said. */
  private static final double USUAL_PERCENT = 5;

  @Option(
      names = "--precision",
      paramLabel = "P",
      description = {
        "int8 or float32 (default: as in the model; int8 with --calibrate); int16: activations of",
        "16 bits with int8 filters; int4, int2 or binary: int8 with filters of so few bits; mixed:",
        "of as many bits each as --flash asks for or --max-loss allows; weights-int8 or",
        "weights-int4: float32 with filters stored so, without --calibrate. NODE=P, repeated: of",
        "single nodes: float32, int16 or int8 of what they give, int8, int4, int2 or binary of",
        "filters."
      })
  private List<String> given = new ArrayList<>();

  @Option(
      names = "--int16",
      paramLabel = "auto[:PERCENT]",
      description =
          "With int8: int16 for the activations that gain most, of at most 5 percent of all"
              + " activations' bytes, or of so many.")
  private @Nullable String int16;

  @Option(
      names = "--max-loss",
      paramLabel = "PERCENT",
      description =
          "With --precision mixed: how many of the samples may be decided otherwise than by the"
              + " float network (without classes: the squared error).")
  private @Nullable Double mostLoss;

  private Map<String, WeightFormat> recordedFormats = Map.of();
  private Set<String> recordedInt16 = Set.of();

  /** Whether an option says something. */
  boolean given() {
    return !text().equals(MODEL) || !nodes().isEmpty() || int16 != null;
  }

  /** What is asked of the whole network, as it was written. */
  String text() {
    List<String> all = given.stream().filter(each -> each.indexOf('=') < 0).toList();
    return all.isEmpty() ? MODEL : all.getLast();
  }

  /** What is asked of single nodes, as it was written. */
  List<String> nodes() {
    return given.stream().filter(each -> each.indexOf('=') >= 0).toList();
  }

  @Nullable String int16() {
    return int16;
  }

  @Nullable Double mostLoss() {
    return mostLoss;
  }

  /** What is asked of the whole network. */
  Precision asked() {
    return Words.choice("--precision", Precision.values(), text());
  }

  /** Refuses what contradicts itself. */
  void check() {
    Precision asked = asked();
    byNode();
    percent();
    if (int16 != null && asked == Precision.INT16) {
      throw new IllegalArgumentException(
          "--int16 chooses activations of an int8 network; with --precision int16 all are int16");
    }
    if (mostLoss != null && asked != Precision.MIXED) {
      throw new IllegalArgumentException(
          "--max-loss is for --precision mixed; add that, or leave --max-loss away");
    }
    if (mostLoss != null && !(mostLoss >= 0 && mostLoss <= 100)) {
      throw new IllegalArgumentException("--max-loss must be from 0 to 100, was " + mostLoss);
    }
  }

  /** The options that need a network that is quantised here, as error messages name them. */
  List<String> forQuantizing() {
    List<String> options = new ArrayList<>();
    nodes().forEach(node -> options.add("--precision " + node));
    if (int16 != null) {
      options.add("--int16");
    }
    return options;
  }

  private Map<String, Precision> byNode() {
    Map<String, Precision> nodes = new LinkedHashMap<>();
    for (String each : nodes()) {
      int at = each.lastIndexOf('=');
      String node = each.substring(0, at);
      String option = "--precision " + node;
      nodes.put(node, Words.choice(option, Precision.OF_NODES, each.substring(at + 1)));
    }
    return nodes;
  }

  /** The part of the activations that a search may make int16, in percent; nothing without one. */
  OptionalDouble percent() {
    if (int16 == null) {
      return OptionalDouble.empty();
    }
    double percent = int16.equals(AUTO) ? USUAL_PERCENT : number(int16);
    if (!(percent > 0 && percent <= 100)) {
      throw new IllegalArgumentException(
          "--int16 '" + int16 + "' is unknown; give auto, or auto:PERCENT with up to 100 percent");
    }
    return OptionalDouble.of(percent);
  }

  private static double number(String text) {
    try {
      return text.startsWith(AUTO + ":")
          ? Double.parseDouble(text.substring(AUTO.length() + 1))
          : Double.NaN;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** The activations that are not int8. */
  ActivationTypes activations() {
    Set<String> wide = new LinkedHashSet<>();
    Set<String> narrow = new LinkedHashSet<>();
    Set<String> floats = new LinkedHashSet<>();
    byNode()
        .forEach((node, precision) -> {
          switch (precision) {
            case INT16 -> wide.add(node);
            case INT8 -> narrow.add(node);
            case FLOAT32 -> floats.add(node);
            case INT4, INT2, BINARY, MODEL, MIXED, WEIGHTS_INT8, WEIGHTS_INT4 -> {}
          }
        });
    return new ActivationTypes(asked() == Precision.INT16, wide, narrow, floats);
  }

  /** The formats of filters that are given node by node; int8 of what is no filter says nothing. */
  Map<String, WeightFormat> formats() {
    Map<String, WeightFormat> formats = new LinkedHashMap<>();
    byNode()
        .forEach((node, precision) -> {
          boolean filter = precision.format() != WeightFormat.INT8;
          if (filter) {
            formats.put(node, precision.format());
          }
        });
    return formats;
  }

  /** What searches found when the program was made that is made again here. */
  QuantizeSettings.Found found() {
    boolean mixed = asked() == Precision.MIXED;
    return new QuantizeSettings.Found(mixed ? recordedFormats : Map.of(), recordedInt16);
  }

  /** Takes over what a compilation's report records. */
  void as(JsonNode recorded) {
    given = new ArrayList<>();
    given.add(recorded.path("precision").asString(MODEL));
    recorded.path("precisions").forEach(each -> given.add(each.asString()));
    JsonNode search = recorded.path("int16");
    int16 = search.isString() ? search.asString() : null;
    recordedInt16 = Int16Rows.names(recorded);
    recordedFormats = FilterRows.formats(recorded);
  }
}
