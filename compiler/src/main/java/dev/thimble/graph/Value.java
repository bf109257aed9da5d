package dev.thimble.graph;

import dev.thimble.tensor.TensorType;

/** An edge of a graph: an input, a constant or a node's output. Names are unique in a graph. */
public record Value(String name, TensorType type) {
  public Value {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a value needs a name");
    }
  }

  /** The name's hash, which a string keeps: names are unique, and maps of values are many. */
  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
