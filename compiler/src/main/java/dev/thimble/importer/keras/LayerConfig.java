package dev.thimble.importer.keras;

import dev.thimble.importer.ModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The attributes of a layer as the file states them. Each accessor takes the attribute's names, the
 * newest first, since Keras renamed many; one that is absent or null takes the fallback, and one of
 * another kind than expected is an error of the file.
 */
record LayerConfig(ModelFile file, String place, JsonNode json) {
  /** No window, repetition or axis comes near; with it no arithmetic on them can overflow. */
  static final int MAX_COUNT = 1 << 24;

  private static final int MAX_SHOWN = 60;

  LayerConfig {
    if (!json.isObject()) {
      throw file.malformed(place, "has a configuration that is no JSON object");
    }
  }

  ModelException malformed(String what) {
    return file.malformed(place, what);
  }

  Optional<JsonNode> get(String... names) {
    for (String name : names) {
      JsonNode found = json.get(name);
      if (found != null && !found.isNull()) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  String text(String fallback, String... names) {
    Optional<JsonNode> found = get(names);
    if (found.isPresent() && !found.get().isString()) {
      throw wrong(names[0], found.get());
    }
    return found.map(JsonNode::asString).orElse(fallback);
  }

  boolean flag(boolean fallback, String... names) {
    Optional<JsonNode> found = get(names);
    if (found.isPresent() && !found.get().isBoolean()) {
      throw wrong(names[0], found.get());
    }
    return found.map(JsonNode::asBoolean).orElse(fallback);
  }

  double number(double fallback, String... names) {
    Optional<JsonNode> found = get(names);
    if (found.isEmpty()) {
      return fallback;
    }
    double number = number(found.get());
    if (Double.isNaN(number)) {
      throw wrong(names[0], found.get());
    }
    return number;
  }

  /** A number, or an array that an old Keras wrote for one; NaN for anything else. */
  private static double number(JsonNode json) {
    if (json.isNumber()) {
      return json.asDouble();
    }
    JsonNode value = json.get("value");
    return value != null && value.isNumber() ? value.asDouble() : Double.NaN;
  }

  /** A whole number; at least 1 and at most {@link #MAX_COUNT}. */
  int count(int fallback, String... names) {
    return get(names).map(found -> count(names[0], found, 1)).orElse(fallback);
  }

  /** An axis, which may be negative; the file may put it in a list of one. */
  int axis(int fallback, String... names) {
    Optional<JsonNode> found = get(names);
    if (found.isEmpty()) {
      return fallback;
    }
    JsonNode axis = found.get();
    JsonNode only = axis.isArray() && axis.size() == 1 ? axis.get(0) : axis;
    if (only == null || !only.isInt()) {
      throw wrong(names[0], axis);
    }
    return only.asInt();
  }

  /** {@code length} whole numbers, each at least 1; a single one stands for all. */
  List<Integer> counts(int length, int fallback, String... names) {
    return get(names)
        .map(found -> counts(names[0], found, length, 1))
        .orElseGet(() -> java.util.Collections.nCopies(length, fallback));
  }

  List<Integer> counts(String name, JsonNode json, int length, int least) {
    List<Integer> counts = new ArrayList<>();
    if (!json.isArray()) {
      return java.util.Collections.nCopies(length, count(name, json, least));
    }
    json.forEach(element -> counts.add(count(name, element, least)));
    if (counts.size() != length) {
      throw wrong(name, json);
    }
    return counts;
  }

  /** A whole number between {@code least} and {@link #MAX_COUNT}. */
  int count(String name, JsonNode json, int least) {
    boolean whole = json.isIntegralNumber() && json.canConvertToInt();
    if (!whole || json.asInt() < least || json.asInt() > MAX_COUNT) {
      throw wrong(name, json);
    }
    return json.asInt();
  }

  ModelException wrong(String name, JsonNode found) {
    return malformed("has " + name + " " + shown(found));
  }

  /** JSON as messages quote it, cut where it is long. */
  static String shown(JsonNode json) {
    String text = json.toString();
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
  }
}
