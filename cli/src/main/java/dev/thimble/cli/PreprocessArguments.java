package dev.thimble.cli;

import dev.thimble.importer.data.ImageFit;
import dev.thimble.quant.Preprocessing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** The options that say what a network expects to be done to its data. */
final class PreprocessArguments {
  @Option(
      names = "--input-range",
      paramLabel = "LO,HI",
      description =
          "What the network expects for 0 and for 1 of the data (images are from 0 to 1); the"
              + " program then takes data as they are.")
  private @Nullable String inputRange;

  @Option(
      names = "--mean",
      paramLabel = "M[,…]",
      description = "What is subtracted before the network, for all channels or each.")
  private @Nullable String mean;

  @Option(
      names = "--std",
      paramLabel = "S[,…]",
      description = "What is divided by before the network, for all channels or each.")
  private @Nullable String std;

  @Option(
      names = "--resize",
      description = "Scale images of another size than the input's, as Pillow's BILINEAR does.")
  private boolean resize;

  @Option(
      names = "--grey",
      description = "Make images in colour grey where the input has one channel.")
  private boolean grey;

  /** What may be done to images. */
  ImageFit images() {
    return new ImageFit(resize, grey);
  }

  /** Whether an option changes the network. */
  boolean given() {
    return inputRange != null || mean != null || std != null;
  }

  @Nullable String inputRange() {
    return inputRange;
  }

  @Nullable String mean() {
    return mean;
  }

  @Nullable String std() {
    return std;
  }

  /** What is done to each channel. Throws {@link IllegalArgumentException} for wrong numbers. */
  Preprocessing preprocessing() {
    List<Float> range = numbers("--input-range", inputRange, List.of(0f, 1f));
    List<Float> means = numbers("--mean", mean, List.of(0f));
    List<Float> stds = numbers("--std", std, List.of(1f));
    if (range.size() != 2) {
      throw new IllegalArgumentException("--input-range takes LO,HI, such as -1,1");
    }
    if (range.get(0).equals(range.get(1))) {
      throw new IllegalArgumentException(
          "--input-range '" + inputRange + "': its ends must differ, such as -1,1");
    }
    if (stds.contains(0f) || stds.contains(-0f)) {
      throw new IllegalArgumentException("--std '" + std + "': nothing is divided by 0");
    }
    if (means.size() != 1 && stds.size() != 1 && means.size() != stds.size()) {
      throw new IllegalArgumentException(
          "--mean has " + means.size() + " numbers, --std has " + stds.size());
    }
    List<Float> factors = new ArrayList<>();
    List<Float> shifts = new ArrayList<>();
    for (int i = 0; i < Math.max(means.size(), stds.size()); i++) {
      float by = stds.get(stds.size() == 1 ? 0 : i);
      float m = means.get(means.size() == 1 ? 0 : i);
      factors.add((range.get(1) - range.get(0)) / by);
      shifts.add((range.get(0) - m) / by);
    }
    return new Preprocessing(factors, shifts);
  }

  private static List<Float> numbers(String option, @Nullable String text, List<Float> fallback) {
    if (text == null) {
      return fallback;
    }
    List<Float> numbers = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      try {
        float number = Float.parseFloat(part.strip());
        if (!Float.isFinite(number)) {
          throw new IllegalArgumentException(
              option + " '" + text + "': '" + part + "' is not finite");
        }
        numbers.add(number);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            option + " '" + text + "': '" + part + "' is no number", e);
      }
    }
    return numbers;
  }

  /** Takes over what a report records. */
  void as(JsonNode recorded) {
    resize = recorded.path("resize").asBoolean(false);
    grey = recorded.path("grey").asBoolean(false);
    inputRange = text(recorded, "input_range");
    mean = text(recorded, "mean");
    std = text(recorded, "std");
  }

  private static @Nullable String text(JsonNode recorded, String name) {
    return recorded.hasNonNull(name) ? recorded.path(name).asString() : null;
  }
}
