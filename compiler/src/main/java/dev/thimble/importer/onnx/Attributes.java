package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.thimble.importer.ModelException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A node's attributes by name; which of them were asked for is kept. */
final class Attributes {
  private static final int MAX_NUMBERS = 1 << 20;

  private final Map<String, AttributeProto> stored = new LinkedHashMap<>();
  private final Set<String> asked = new HashSet<>();
  private final Function<String, ModelException> malformed;

  Attributes(List<AttributeProto> attributes, Function<String, ModelException> malformed) {
    this.malformed = malformed;
    for (AttributeProto attribute : attributes) {
      if (stored.put(attribute.getName(), attribute) != null) {
        throw malformed.apply("has two attributes " + Source.quoted(attribute.getName()));
      }
    }
  }

  private Optional<AttributeProto> find(String name, AttributeType type) {
    asked.add(name);
    AttributeProto attribute = stored.get(name);
    if (attribute == null) {
      return Optional.empty();
    }
    if (!attribute.getRefAttrName().isEmpty()) {
      throw new UnsupportedNode("a reference to a function's attribute", "plain attributes");
    }
    if (attribute.getType() != type && attribute.getType() != AttributeType.UNDEFINED) {
      throw malformed.apply(
          "has attribute '" + name + "' of type " + attribute.getType() + ", not " + type);
    }
    return Optional.of(attribute);
  }

  boolean has(String name) {
    return stored.containsKey(name);
  }

  Optional<Long> integer(String name) {
    return find(name, AttributeType.INT).map(AttributeProto::getI);
  }

  /** An integer that fits an int. */
  int integer(String name, int otherwise) {
    long value = integer(name).orElse((long) otherwise);
    if (value != (int) value) {
      throw malformed.apply("has attribute '" + name + "' of " + value);
    }
    return (int) value;
  }

  boolean flag(String name, boolean otherwise) {
    return integer(name, otherwise ? 1 : 0) != 0;
  }

  Optional<Float> real(String name) {
    return find(name, AttributeType.FLOAT).map(AttributeProto::getF);
  }

  float real(String name, float otherwise) {
    return real(name).orElse(otherwise);
  }

  Optional<List<Float>> reals(String name) {
    return find(name, AttributeType.FLOATS).map(AttributeProto::getFloatsList);
  }

  Optional<List<Long>> integers(String name) {
    Optional<List<Long>> list = find(name, AttributeType.INTS).map(AttributeProto::getIntsList);
    if (list.isPresent() && list.get().size() > MAX_NUMBERS) {
      throw malformed.apply("has attribute '" + name + "' of " + list.get().size() + " numbers");
    }
    return list;
  }

  String text(String name, String otherwise) {
    return find(name, AttributeType.STRING).map(a -> a.getS().toStringUtf8()).orElse(otherwise);
  }

  List<String> texts(String name) {
    return find(name, AttributeType.STRINGS).stream()
        .flatMap(a -> a.getStringsList().stream())
        .map(bytes -> bytes.toStringUtf8())
        .toList();
  }

  Optional<TensorProto> tensor(String name) {
    return find(name, AttributeType.TENSOR).map(AttributeProto::getT);
  }

  Optional<GraphProto> graph(String name) {
    return find(name, AttributeType.GRAPH).map(AttributeProto::getG);
  }

  /** Takes an attribute that changes nothing here. */
  void ignore(String... names) {
    asked.addAll(List.of(names));
  }

  /** Takes all attributes as known. */
  void ignoreAll() {
    asked.addAll(stored.keySet());
  }

  /** The attributes that nothing asked for: what they mean is not known. */
  List<String> unread() {
    return stored.keySet().stream().filter(name -> !asked.contains(name)).toList();
  }
}
