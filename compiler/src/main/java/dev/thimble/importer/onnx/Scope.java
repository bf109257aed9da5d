package dev.thimble.importer.onnx;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the names in one graph of the file, or in one body inside of it, stand for. */
final class Scope {
  private final Optional<Scope> outer;
  private final String prefix;
  private final int depth;
  private final Map<String, Operand> values = new HashMap<>();
  private final Source source;

  private Scope(Source source, Optional<Scope> outer, String prefix, int depth) {
    this.source = source;
    this.outer = outer;
    this.prefix = prefix;
    this.depth = depth;
  }

  static Scope top(Source source) {
    return new Scope(source, Optional.empty(), "", 0);
  }

  /** A body that sees the names around it. */
  Scope body(String name) {
    return new Scope(source, Optional.of(this), prefix + name + "/", depth + 1);
  }

  /** A function's body, which sees its operands alone. */
  Scope function(String name) {
    return new Scope(source, Optional.empty(), prefix + name + "/", depth + 1);
  }

  boolean isTop() {
    return depth == 0;
  }

  int depth() {
    return depth;
  }

  String prefix() {
    return prefix;
  }

  Optional<Operand> find(String name) {
    Operand operand = values.get(name);
    return operand != null ? Optional.of(operand) : outer.flatMap(scope -> scope.find(name));
  }

  Operand value(String name) {
    return find(name)
        .orElseThrow(() ->
            source.malformed(
                "value " + Source.quoted(name), "is read, but nothing before defines it"));
  }

  void define(String name, Operand operand) {
    if (values.put(name, operand) != null) {
      throw source.malformed("value " + Source.quoted(name), "is defined twice");
    }
  }
}
