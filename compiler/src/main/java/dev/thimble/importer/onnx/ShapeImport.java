package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Operators that name a tensor's axes anew: no element is computed, few are moved. */
final class ShapeImport {
  private ShapeImport() {}

  static void reshape(OnnxNode at) {
    at.require(1, 2);
    List<Long> wanted = at.integers("shape", 1).orElseThrow(() -> at.malformed("has no shape"));
    boolean zeros = at.attributes().flag("allowzero", false);
    at.attributes().ignore("consumed_inputs");
    List<Integer> from = at.dims(0);
    List<Long> dims = new ArrayList<>();
    for (int axis = 0; axis < wanted.size(); axis++) {
      long extent = wanted.get(axis);
      if (extent == 0 && !zeros && axis >= from.size()) {
        throw at.malformed("takes extent " + axis + " from an input of shape " + from);
      }
      dims.add(extent == 0 && !zeros ? (long) from.get(axis) : extent);
    }
    to(at, inferred(at, from, dims));
  }

  /** The extents with the one that is -1 computed from the others. */
  private static List<Integer> inferred(OnnxNode at, List<Integer> from, List<Long> dims) {
    long elements = from.stream().mapToLong(i -> i).reduce(1, (a, b) -> a * b);
    int open = dims.indexOf(-1L);
    if (open >= 0) {
      List<Long> others = new ArrayList<>(dims);
      others.set(open, 1L);
      long known =
          at.model().decoder().dims(at.place(), others).stream()
              .mapToLong(i -> i)
              .reduce(1, (a, b) -> a * b);
      if (known == 0 || elements % known != 0) {
        throw at.malformed("reshapes " + from + " to " + dims);
      }
      dims.set(open, elements / known);
    }
    List<Integer> extents = at.model().decoder().dims(at.place(), dims);
    if (extents.stream().mapToLong(i -> i).reduce(1, (a, b) -> a * b) != elements) {
      throw at.malformed("reshapes " + from + " to " + dims);
    }
    return extents;
  }

  /** The first operand under another shape of as many elements. */
  private static void to(OnnxNode at, List<Integer> dims) {
    if (at.operand(0) instanceof Operand.Empty empty) {
      at.set(0, new Operand.Empty(empty.dtype(), dims));
      return;
    }
    at.set(at.graph().reshape(at.name(), at.x(0), at.shape(dims)));
  }

  static void flatten(OnnxNode at) {
    at.require(1, 1);
    List<Integer> dims = at.dims(0);
    int stored = at.attributes().integer("axis", 1);
    int axis = stored == dims.size() ? stored : dims.isEmpty() ? 0 : at.axis(stored, dims.size());
    Shape from = at.x(0).shape();
    int rows = IntStream.range(0, axis).map(from::dim).reduce(1, (a, b) -> a * b);
    to(at, List.of(rows, from.elements() / rows));
  }

  static void squeeze(OnnxNode at) {
    at.require(1, 2);
    List<Integer> dims = at.dims(0);
    List<Integer> axes = at.axes(at.integers("axes", 1).orElse(List.of()), dims.size());
    boolean all = axes.isEmpty();
    List<Integer> kept = new ArrayList<>();
    for (int axis = 0; axis < dims.size(); axis++) {
      boolean removed = all ? dims.get(axis) == 1 : axes.contains(axis);
      if (removed && dims.get(axis) != 1) {
        throw at.malformed("squeezes axis " + axis + " of shape " + dims);
      }
      if (!removed) {
        kept.add(dims.get(axis));
      }
    }
    to(at, kept);
  }

  static void unsqueeze(OnnxNode at) {
    at.require(1, 2);
    List<Integer> dims = at.dims(0);
    List<Long> stored = at.integers("axes", 1).orElseThrow(() -> at.malformed("has no axes"));
    int rank = dims.size() + stored.size();
    List<Integer> axes = at.axes(stored, rank);
    List<Integer> widened = new ArrayList<>();
    int next = 0;
    for (int axis = 0; axis < rank; axis++) {
      widened.add(axes.contains(axis) ? 1 : dims.get(next++));
    }
    to(at, widened);
  }

  /** Names the axes anew: what lies where stays as it is. */
  static void transpose(OnnxNode at) {
    at.require(1, 1);
    LaidOut x = at.x(0);
    List<Integer> reversed = IntStream.range(0, x.rank()).boxed().toList().reversed();
    List<Integer> permutation =
        at.attributes().integers("perm").map(perm -> at.axes(perm, x.rank())).orElse(reversed);
    if (permutation.size() != x.rank()) {
      throw at.malformed("permutes " + x.rank() + " axes by " + permutation);
    }
    at.set(x.transposed(permutation));
  }
}
