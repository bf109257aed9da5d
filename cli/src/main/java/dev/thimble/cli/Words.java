package dev.thimble.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Words of options that stand for one of several choices. */
final class Words {
  private Words() {}

  /** The choice that a word names. Throws {@link IllegalArgumentException} for any other word. */
  static <T> T choice(String option, T[] all, String text, Function<T, String> name) {
    return Arrays.stream(all)
        .filter(one -> name.apply(one).equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                option
                    + " '"
                    + text
                    + "' is unknown; choose one of "
                    + Arrays.stream(all).map(name).collect(Collectors.joining(", "))));
  }

  /** The constant whose name, in lower case and with hyphens, is a word. */
  static <E extends Enum<E>> E choice(String option, E[] all, String text) {
    return choice(option, all, text, e -> e.name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /** The numbers of an option that takes them with commas between. */
  static List<Float> numbers(String option, @Nullable String text, List<Float> fallback) {
    if (text == null) {
      return fallback;
    }
    List<Float> numbers = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      try {
        numbers.add(Float.parseFloat(part.strip()));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            option + " '" + text + "': '" + part + "' is no number", e);
      }
    }
    return numbers;
  }
}
