package dev.thimble.importer.pytorch.archive;

import dev.thimble.importer.ModelException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A value of a JSON document together with where it stands, for messages. */
record JsonAt(Source source, String place, JsonNode node) {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_TEXT = 1 << 20;
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(MAX_TEXT)
                          .maxNumberLength(64)
                          .build())
                  .build())
          .build();

  /** The document in these bytes. */
  static JsonAt parse(Source source, String place, ByteBuffer bytes) {
    // A tree takes some ten times the memory of its text.
    source.take(place, 2L * bytes.remaining());
    byte[] text = new byte[bytes.remaining()];
    bytes.duplicate().get(text);
    try {
      JsonNode node = MAPPER.readTree(text);
      return new JsonAt(source, place, node == null ? MAPPER.nullNode() : node);
    } catch (JacksonException e) {
      throw source.malformed(place, "is no JSON: " + firstLine(e.getOriginalMessage()));
    }
  }

  private static String firstLine(String message) {
    return Source.quoted(message.lines().findFirst().orElse(""));
  }

  /** The field of this name, which must be there. */
  JsonAt get(String name) {
    return find(name).orElseThrow(() -> malformed("has no '" + name + "'"));
  }

  /** The field of this name, unless there is none or it is null. */
  Optional<JsonAt> find(String name) {
    if (!node.isObject()) {
      throw malformed("is no object");
    }
    JsonNode child = node.get(name);
    return child == null || child.isNull()
        ? Optional.empty()
        : Optional.of(new JsonAt(source, place + "." + name, child));
  }

  /** The name and the value of the only field of an object, as unions are written. */
  Map.Entry<String, JsonAt> only() {
    if (!node.isObject() || node.size() != 1) {
      throw malformed("is no object of one field");
    }
    return fields().entrySet().iterator().next();
  }

  /** The fields of an object. */
  Map<String, JsonAt> fields() {
    if (!node.isObject()) {
      throw malformed("is no object");
    }
    Map<String, JsonAt> fields = new LinkedHashMap<>();
    node.properties()
        .forEach(entry ->
            fields.put(
                entry.getKey(),
                new JsonAt(source, place + "." + quotedKey(entry.getKey()), entry.getValue())));
    return fields;
  }

  private static String quotedKey(String key) {
    String quoted = Source.quoted(key);
    return quoted.substring(1, quoted.length() - 1);
  }

  /** The elements of an array. */
  List<JsonAt> items() {
    if (!node.isArray()) {
      throw malformed("is no array");
    }
    List<JsonAt> items = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      items.add(new JsonAt(source, place + "[" + i + "]", node.get(i)));
    }
    return items;
  }

  String text() {
    if (!node.isString()) {
      throw malformed("is no text");
    }
    return node.stringValue();
  }

  long integer() {
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw malformed("is no 64-bit integer");
    }
    return node.longValue();
  }

  boolean truth() {
    if (!node.isBoolean()) {
      throw malformed("is neither true nor false");
    }
    return node.booleanValue();
  }

  /** A number; PyTorch writes what JSON cannot express as a text. */
  double real() {
    if (node.isNumber()) {
      return node.doubleValue();
    }
    return switch (text()) {
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      case "NaN" -> Double.NaN;
      default -> throw malformed("is no number");
    };
  }

  ModelException malformed(String what) {
    return source.malformed(place, what);
  }
}
