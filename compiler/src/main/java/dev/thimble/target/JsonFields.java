package dev.thimble.target;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a JSON object, read by what they must be. Whatever is wrong is added to a list that
 * all objects of a document share, and reading goes on with a value that stands in for it; so one
 * message can name every fault.
 */
final class JsonFields {
  private static final Pattern BYTES = Pattern.compile("([0-9]{1,12})([KM])?");
  private static final Pattern HEX = Pattern.compile("0[xX]([0-9a-fA-F]{1,8})");

  private final String path;
  private final JsonNode node;
  private final List<String> problems;
  private final Set<String> known = new HashSet<>();
  private final Set<String> faulty = new HashSet<>();

  /** The object at {@code path}, such as {@code regions[2]}; empty for the document's own. */
  JsonFields(String path, JsonNode node, List<String> problems) {
    this.path = path;
    this.node = node;
    this.problems = problems;
    if (!node.isObject()) {
      problem("", "an object of fields in { }");
    }
  }

  String text(String field) {
    return optionalText(field)
        .orElseGet(() -> {
          missing(field, "a text in quotes");
          return "?";
        });
  }

  Optional<String> optionalText(String field) {
    return read(
        field,
        "a text in quotes that is not empty",
        value -> value.isString() && !value.asString().isBlank(),
        JsonNode::asString);
  }

  List<String> texts(String field) {
    return read(
            field,
            "a list of texts",
            value -> value.isArray() && value.values().stream().allMatch(JsonNode::isString),
            value -> value.values().stream().map(JsonNode::asString).toList())
        .orElse(List.of());
  }

  double positive(String field) {
    String expected = "a number above 0";
    Optional<Double> number =
        read(
            field,
            expected,
            value -> value.isNumber() && value.asDouble() > 0 && Double.isFinite(value.asDouble()),
            JsonNode::asDouble);
    return number.orElseGet(() -> {
      missing(field, expected);
      return 1.0;
    });
  }

  boolean flag(String field) {
    return read(field, "true or false", JsonNode::isBoolean, JsonNode::asBoolean)
        .orElseGet(() -> {
          missing(field, "true or false");
          return false;
        });
  }

  OptionalInt waitStates(String field) {
    return read(
            field,
            "a whole number of cycles from 0 to 10000; leave the field away if it is unknown",
            value -> value.isInt() && value.asInt() >= 0 && value.asInt() <= 10_000,
            JsonNode::asInt)
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }

  /** A size of 1 byte to 1 TB. */
  long bytes(String field) {
    String expected = "a number of bytes above 0, such as 65536 or \"64K\" or \"2M\"";
    Optional<Long> bytes =
        read(field, expected, value -> size(value).orElse(0) > 0, value -> size(value).orElse(1));
    return bytes.orElseGet(() -> {
      missing(field, expected);
      return 1L;
    });
  }

  /** A size of up to 1 TB, or 0. */
  long bytesOrNone(String field) {
    String expected = "a number of bytes, or 0 for none";
    Optional<Long> bytes =
        read(field, expected, value -> size(value).isPresent(), value -> size(value).orElse(0));
    return bytes.orElseGet(() -> {
      missing(field, expected);
      return 0L;
    });
  }

  OptionalLong address(String field) {
    return read(
            field,
            "an address of up to 32 bits in quotes, such as \"0x20000000\"; leave the field away if"
                + " the core cannot read the memory by address",
            value -> value.isString() && HEX.matcher(value.asString()).matches(),
            value -> Long.parseLong(value.asString().substring(2), 16))
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /** One of the constants, written in lower case. */
  <E extends Enum<E>> E choice(String field, E[] all) {
    List<String> names = List.of(all).stream().map(e -> e.name().toLowerCase(Locale.ROOT)).toList();
    String expected = "one of " + String.join(", ", names);
    Optional<E> found =
        read(
            field,
            expected,
            value -> value.isString() && names.contains(value.asString()),
            value -> all[names.indexOf(value.asString())]);
    return found.orElseGet(() -> {
      missing(field, expected);
      return all[0];
    });
  }

  /** What the text stands for; {@code parse} throws {@link IllegalArgumentException} if nothing. */
  <T> T parsed(String field, T standIn, Function<String, T> parse) {
    String text = text(field);
    if (text.equals("?")) {
      return standIn;
    }
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      problems.add(name(field) + ": " + e.getMessage());
      return standIn;
    }
  }

  Optional<JsonFields> object(String field) {
    known.add(field);
    JsonNode value = node.path(field);
    return value.isMissingNode() || value.isNull()
        ? Optional.empty()
        : Optional.of(new JsonFields(name(field), value, problems));
  }

  List<JsonFields> objects(String field) {
    known.add(field);
    JsonNode list = node.path(field);
    if (!list.isArray() || list.isEmpty()) {
      problem(field, "a list of at least one object");
      return List.of();
    }
    List<JsonFields> result = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      result.add(new JsonFields(name(field) + "[" + i + "]", list.path(i), problems));
    }
    return result;
  }

  /** Refuses fields that nothing has asked for: a misspelt name would otherwise be passed over. */
  void end() {
    for (String field : node.propertyNames()) {
      if (!known.contains(field)) {
        problems.add(
            name(field)
                + ": there is no such field; known are "
                + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }

  private <T> Optional<T> read(
      String field, String expected, Function<JsonNode, Boolean> fits, Function<JsonNode, T> as) {
    known.add(field);
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!fits.apply(value)) {
      problem(field, expected);
      // A second complaint that the field is missing would be wrong.
      faulty.add(field);
      return Optional.empty();
    }
    return Optional.of(as.apply(value));
  }

  private void missing(String field, String expected) {
    if (node.isObject() && !faulty.contains(field)) {
      problems.add(name(field) + ": is missing; give " + expected);
    }
  }

  private void problem(String field, String expected) {
    JsonNode value = field.isEmpty() ? node : node.path(field);
    String found = value.isMissingNode() ? "nothing" : value.toString();
    String shown = found.length() > 60 ? found.substring(0, 60) + "..." : found;
    problems.add(name(field) + ": found " + shown + "; give " + expected);
  }

  private String name(String field) {
    String joined = path.isEmpty() || field.isEmpty() ? path + field : path + "." + field;
    return joined.isEmpty() ? "the document" : joined;
  }

  private static OptionalLong size(JsonNode value) {
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      long bytes = value.asLong();
      return bytes >= 0 && bytes <= 1L << 40 ? OptionalLong.of(bytes) : OptionalLong.empty();
    }
    Matcher matcher = BYTES.matcher(value.isString() ? value.asString() : "");
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2) == null ? "" : matcher.group(2);
    long bytes =
        switch (unit) {
          case "K" -> number << 10;
          case "M" -> number << 20;
          default -> number;
        };
    return bytes <= 1L << 40 ? OptionalLong.of(bytes) : OptionalLong.empty();
  }
}
