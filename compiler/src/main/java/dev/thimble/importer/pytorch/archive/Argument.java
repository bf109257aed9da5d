package dev.thimble.importer.pytorch.archive;

import java.util.List;
import java.util.Optional;

/** What a node is given, or what it gives back. */
public sealed interface Argument {
  /** Python's None. */
  record None() implements Argument {}

  /** A tensor by its name in the graph. */
  record Tensor(String name) implements Argument {}

  /** A list of tensors; some may be None. */
  record Tensors(List<Optional<String>> names) implements Argument {
    public Tensors {
      names = List.copyOf(names);
    }
  }

  record Int(long value) implements Argument {}

  /** An integer that another node computes from shapes, by its name in the graph. */
  record Symbol(String name) implements Argument {}

  /** A list of which each is an {@link Int} or a {@link Symbol}. */
  record Ints(List<Argument> values) implements Argument {
    public Ints {
      values = List.copyOf(values);
    }
  }

  record Real(double value) implements Argument {}

  record Reals(List<Double> values) implements Argument {
    public Reals {
      values = List.copyOf(values);
    }
  }

  record Truth(boolean value) implements Argument {}

  record Truths(List<Boolean> values) implements Argument {
    public Truths {
      values = List.copyOf(values);
    }
  }

  record Text(String value) implements Argument {}

  /** An element type by its code; see {@link ElementKind#ofCode}. */
  record Kind(long code) implements Argument {}

  /** Where tensors lie or how their memory is laid out, which Thimble decides by itself. */
  record Placement() implements Argument {}

  /** What no operator of Thimble takes, such as a graph of its own; by its name in the file. */
  record Other(String form) implements Argument {}
}
