package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Reshape;
import dev.thimble.op.Slice;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.StridedSliceOptions;

/** SLICE and STRIDED_SLICE. */
final class SliceImport {
  private SliceImport() {}

  /** A size of -1 is all the rest. */
  static Node slice(Operands at) {
    at.require(3, 3);
    List<Integer> shape = at.tensor(0).shape();
    List<Integer> begin = MoveImport.ints(at, at.integers(1, "begin"));
    List<Integer> sizes = new ArrayList<>(MoveImport.ints(at, at.integers(2, "size")));
    if (begin.size() != shape.size() || sizes.size() != shape.size()) {
      throw at.malformed("begins at " + begin + " with size " + sizes + " in " + shape);
    }
    for (int axis = 0; axis < sizes.size(); axis++) {
      if (sizes.get(axis) == -1) {
        sizes.set(axis, shape.get(axis) - begin.get(axis));
      }
    }
    List<Integer> steps = Collections.nCopies(shape.size(), 1);
    return MoveImport.moved(at, () -> new Slice(begin, sizes, steps));
  }

  /** What the operands and masks make of each axis of the input. */
  private static final class Cut {
    private final List<Integer> begin = new ArrayList<>();
    private final List<Integer> extents = new ArrayList<>();
    private final List<Integer> steps = new ArrayList<>();

    void add(int first, int count, int step) {
      begin.add(first);
      extents.add(count);
      steps.add(step);
    }
  }

  /**
   * A slice of the input's own axes; where axes come or go, a reshape follows that gives them. TF's
   * rules: an index below 0 counts from the end, what lies outside is moved to the axis's ends.
   */
  static Node stridedSlice(Operands at) {
    at.require(4, 4);
    StridedSliceOptions options =
        at.requiredOptions(BuiltinOptions.StridedSliceOptions, new StridedSliceOptions());
    Cut cut = cut(at, options);
    Value input = at.input(0);
    Value output = at.output();
    int[] extents = cut.extents.stream().mapToInt(Integer::intValue).toArray();
    for (int extent : extents) {
      if (extent < 1) {
        throw new UnsupportedNode("a slice without elements", "slices with elements");
      }
    }
    Shape shape = Shape.of(extents);
    if (shape.equals(output.type().shape())) {
      return MoveImport.moved(at, () -> new Slice(cut.begin, cut.extents, cut.steps));
    }
    Value part = at.between("/slice", input.type().withShape(shape));
    at.before(
        at.node(
            () -> new Slice(cut.begin, cut.extents, cut.steps),
            MoveImport.SAME,
            List.of(part),
            List.of(input)));
    return at.node(
        () -> new Reshape(output.type().shape()), MoveImport.SAME, List.of(output), List.of(part));
  }

  private static Cut cut(Operands at, StridedSliceOptions options) {
    List<Integer> shape = at.tensor(0).shape();
    List<Integer> begin = MoveImport.ints(at, at.integers(1, "begin"));
    List<Integer> end = MoveImport.ints(at, at.integers(2, "end"));
    List<Integer> steps = MoveImport.ints(at, at.integers(3, "strides"));
    if (end.size() != begin.size() || steps.size() != begin.size()) {
      throw at.malformed("has begin " + begin + ", end " + end + " and strides " + steps);
    }
    int ellipsis = at.read(options::ellipsisMask);
    int added = at.read(options::newAxisMask);
    int named = 0;
    for (int i = 0; i < begin.size(); i++) {
      named += bit(ellipsis, i) || bit(added, i) ? 0 : 1;
    }
    Cut cut = new Cut();
    for (int i = 0; i < begin.size(); i++) {
      if (bit(ellipsis, i)) {
        for (int all = shape.size() - named; all > 0; all--) {
          cut.add(0, shape.get(cut.begin.size()), 1);
        }
      } else if (!bit(added, i)) {
        if (cut.begin.size() >= shape.size()) {
          throw at.malformed("slices more axes than " + shape + " has");
        }
        axis(at, options, cut, shape.get(cut.begin.size()), i, begin, end, steps);
      }
    }
    while (cut.begin.size() < shape.size()) {
      cut.add(0, shape.get(cut.begin.size()), 1);
    }
    return cut;
  }

  private static void axis(
      Operands at,
      StridedSliceOptions options,
      Cut cut,
      int extent,
      int i,
      List<Integer> begin,
      List<Integer> end,
      List<Integer> steps) {
    int step = steps.get(i);
    if (step == 0) {
      throw at.malformed("has a stride of 0");
    }
    int lowest = step > 0 ? 0 : -1;
    int highest = step > 0 ? extent : extent - 1;
    boolean open = bit(at.read(options::beginMask), i);
    long from = begin.get(i) < 0 ? (long) begin.get(i) + extent : begin.get(i);
    if (bit(at.read(options::shrinkAxisMask), i)) {
      int entry = open ? 0 : (int) from;
      if (entry < 0 || entry >= extent) {
        throw at.malformed("takes entry " + begin.get(i) + " of an axis of " + extent);
      }
      cut.add(entry, 1, 1);
      return;
    }
    int first = open ? (step > 0 ? 0 : extent - 1) : Math.clamp(from, lowest, highest);
    long to = end.get(i);
    if (at.read(options::offset)) {
      to += first;
    } else if (to < 0) {
      to += extent;
    }
    boolean all = bit(at.read(options::endMask), i);
    int stop = all ? (step > 0 ? extent : -1) : (int) Math.clamp(to, (long) lowest, (long) highest);
    int count = Math.max(0, Math.ceilDiv(stop - first, step));
    cut.add(first, count, step);
  }

  private static boolean bit(int mask, int i) {
    return i < Integer.SIZE && (mask >> i & 1) != 0;
  }
}
