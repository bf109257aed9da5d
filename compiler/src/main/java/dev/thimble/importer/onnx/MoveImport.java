package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.Order;
import dev.thimble.op.Concat;
import dev.thimble.op.Expand;
import dev.thimble.op.Slice;
import dev.thimble.op.Tile;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Operators that join, cut and repeat tensors. */
final class MoveImport {
  private MoveImport() {}

  /** Operands without elements add nothing. */
  static void concat(OnnxNode at) {
    at.require(1, Integer.MAX_VALUE);
    int rank = at.dims(0).size();
    int axis =
        at.axis(
            at.opset() < 4
                ? at.attributes().integer("axis", 1)
                : at.attributes().integer("axis").orElseThrow(() -> at.malformed("has no axis")),
            rank);
    List<LaidOut> operands = new ArrayList<>();
    for (int i = 0; i < at.inputs(); i++) {
      if (at.dims(i).size() != rank) {
        throw at.malformed("joins " + at.describe());
      }
      if (!(at.operand(i) instanceof Operand.Empty)) {
        operands.add(at.x(i));
      }
    }
    if (operands.size() < 2) {
      at.set(0, operands.isEmpty() ? at.operand(0) : new Operand.Dense(operands.getFirst()));
      return;
    }
    at.set(joined(at, at.name(), operands, axis));
  }

  /** Tensors of one rank joined along an axis of the source. */
  static LaidOut joined(OnnxNode at, String name, List<LaidOut> operands, int axis) {
    Order order = at.graph().common(operands);
    return at.graph()
        .node(
            name,
            new Concat(order.valueAxis(axis)),
            operands.getFirst().dtype(),
            order,
            operands.stream().map(operand -> at.graph().in(operand, order)).toList());
  }

  static void slice(OnnxNode at) {
    at.require(at.opset() < 10 ? 1 : 3, 5);
    List<Integer> dims = at.dims(0);
    List<Long> starts = numbers(at, "starts", 1);
    List<Long> ends = numbers(at, "ends", 2);
    List<Long> stored =
        at.integers("axes", 3)
            .orElseGet(() -> IntStream.range(0, starts.size()).mapToObj(i -> (long) i).toList());
    List<Integer> axes = at.axes(stored, dims.size());
    List<Long> steps = at.has(4) ? at.integers(4, "steps") : Collections.nCopies(axes.size(), 1L);
    if (starts.size() != axes.size() || ends.size() != axes.size() || steps.size() != axes.size()) {
      throw at.malformed(
          "has starts " + starts + ", ends " + ends + ", axes " + stored + " and steps " + steps);
    }
    List<Integer> begin = new ArrayList<>(Collections.nCopies(dims.size(), 0));
    List<Integer> extents = new ArrayList<>(dims);
    List<Integer> step = new ArrayList<>(Collections.nCopies(dims.size(), 1));
    for (int i = 0; i < axes.size(); i++) {
      int axis = axes.get(i);
      Range range = Range.of(at, starts.get(i), ends.get(i), steps.get(i), dims.get(axis));
      begin.set(axis, range.begin());
      extents.set(axis, range.extent());
      step.set(axis, range.step());
    }
    if (extents.contains(0)) {
      at.set(0, new Operand.Empty(at.operand(0).elements(), extents));
      return;
    }
    at.set(sliced(at, at.name(), at.x(0), begin, extents, step));
  }

  private static List<Long> numbers(OnnxNode at, String what, int operand) {
    return at.integers(what, operand).orElseThrow(() -> at.malformed("has no " + what));
  }

  /** The entries of one axis that a slice takes. */
  private record Range(int begin, int extent, int step) {
    /** Starts and ends count from the end where they are negative, and are cut to the axis. */
    static Range of(OnnxNode at, long start, long end, long step, int extent) {
      if (step == 0) {
        throw at.malformed("has a step of 0");
      }
      boolean forwards = step > 0;
      long from = cut(start, extent, forwards ? 0 : -1);
      long to = cut(end, extent, forwards ? 0 : -1);
      long last = forwards ? from : Math.min(from, extent - 1L);
      long span = forwards ? to - last : last - to;
      long stride = Math.clamp(Math.abs(step), 1, Integer.MAX_VALUE);
      long count = span <= 0 ? 0 : (span + stride - 1) / stride;
      return new Range(
          (int) Math.max(last, 0),
          (int) count,
          count < 2 ? 1 : (int) (forwards ? stride : -stride));
    }

    private static long cut(long position, int extent, int lowest) {
      long counted = position < 0 ? position + extent : position;
      return Math.clamp(counted, lowest, extent);
    }
  }

  /** A part of a tensor; all lists are for the axes of the source. */
  static LaidOut sliced(
      OnnxNode at,
      String name,
      LaidOut x,
      List<Integer> begin,
      List<Integer> extents,
      List<Integer> steps) {
    if (x.shape().equals(at.shape(extents)) && steps.stream().allMatch(step -> step == 1)) {
      return x;
    }
    List<Integer> axes = x.order().axes();
    Slice slice =
        new Slice(
            axes.stream().map(begin::get).toList(),
            axes.stream().map(extents::get).toList(),
            axes.stream().map(steps::get).toList());
    return at.graph().node(name, slice, x.dtype(), x.order(), List.of(x.value()));
  }

  /** A run of entries of one axis of the source. */
  static LaidOut run(OnnxNode at, String name, LaidOut x, int axis, int begin, int extent) {
    List<Integer> begins = new ArrayList<>(Collections.nCopies(x.rank(), 0));
    List<Integer> extents = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      extents.add(x.shape().dim(i));
    }
    begins.set(axis, begin);
    extents.set(axis, extent);
    return sliced(at, name, x, begins, extents, Collections.nCopies(x.rank(), 1));
  }

  static void split(OnnxNode at) {
    at.require(1, 2);
    List<Integer> dims = at.dims(0);
    int axis = at.axis(at.attributes().integer("axis", 0), dims.size());
    int count = at.attributes().integer("num_outputs", at.outputs());
    if (count != at.outputs()) {
      throw at.malformed("has num_outputs " + count + " and " + at.outputs() + " outputs");
    }
    List<Long> parts =
        at.integers("split", 1).orElseGet(() -> equalParts(at, dims.get(axis), count));
    long sum = parts.stream().mapToLong(part -> part).sum();
    if (parts.size() != count || sum != dims.get(axis)) {
      throw at.malformed("splits " + dims.get(axis) + " entries into " + parts);
    }
    int begin = 0;
    for (int i = 0; i < count; i++) {
      int part = parts.get(i).intValue();
      if (part < 0) {
        throw at.malformed("splits " + dims.get(axis) + " entries into " + parts);
      }
      if (part == 0 || at.operand(0) instanceof Operand.Empty) {
        List<Integer> empty = new ArrayList<>(dims);
        empty.set(axis, part);
        at.set(i, new Operand.Empty(at.operand(0).elements(), empty));
      } else if (at.wants(i)) {
        at.set(i, run(at, at.name(i), at.x(0), axis, begin, part));
      }
      begin += part;
    }
  }

  /** Equal parts; the last may be smaller. */
  private static List<Long> equalParts(OnnxNode at, int extent, int count) {
    int part = (extent + count - 1) / count;
    if (at.opset() < 18 && part * count != extent) {
      throw at.malformed("splits " + extent + " entries into " + count + " equal parts");
    }
    List<Long> parts = new ArrayList<>(Collections.nCopies(count, (long) part));
    parts.set(count - 1, extent - (count - 1L) * part);
    return parts;
  }

  static void tile(OnnxNode at) {
    at.require(2, 2);
    LaidOut x = at.x(0);
    List<Integer> repeats = at.model().decoder().dims(at.place(), at.integers(1, "repeats"));
    if (repeats.size() != x.rank()) {
      throw at.malformed("repeats " + x.rank() + " axes by " + repeats);
    }
    if (repeats.contains(0)) {
      List<Integer> dims = new ArrayList<>();
      IntStream.range(0, x.rank())
          .forEach(axis -> dims.add(x.shape().dim(axis) * Math.min(1, repeats.get(axis))));
      at.set(0, new Operand.Empty(x.dtype(), dims));
    } else if (repeats.stream().allMatch(repeat -> repeat == 1)) {
      at.set(x);
    } else {
      at.along(new Tile(x.order().axes().stream().map(repeats::get).toList()), x);
    }
  }

  /** Broadcasts to the common shape of the operand and the shape that is given. */
  static void expand(OnnxNode at) {
    at.require(2, 2);
    LaidOut x = at.x(0);
    List<Integer> wanted = at.model().decoder().dims(at.place(), at.integers(1, "shape"));
    int rank = Math.max(x.rank(), wanted.size());
    int[] dims = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      int own = axis < rank - x.rank() ? 1 : x.shape().dim(axis - (rank - x.rank()));
      int other = axis < rank - wanted.size() ? 1 : wanted.get(axis - (rank - wanted.size()));
      if (own != other && own != 1 && other != 1) {
        throw at.malformed("expands " + x.shape() + " to " + wanted);
      }
      dims[axis] = own == 1 ? other : own;
    }
    if (IntStream.of(dims).anyMatch(extent -> extent == 0)) {
      at.set(0, new Operand.Empty(x.dtype(), IntStream.of(dims).boxed().toList()));
      return;
    }
    Shape shape = Shape.of(dims);
    if (shape.equals(x.shape())) {
      at.set(x);
      return;
    }
    Order order = x.order().widened(rank - x.rank());
    Expand expand = new Expand(order.ofValue(shape));
    at.set(at.graph().node(at.name(), expand, x.dtype(), order, List.of(x.value())));
  }
}
