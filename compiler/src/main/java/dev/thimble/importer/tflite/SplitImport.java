package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Concat;
import dev.thimble.op.Reshape;
import dev.thimble.op.Slice;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.PackOptions;
import org.tensorflow.lite.schema.SplitOptions;
import org.tensorflow.lite.schema.UnpackOptions;

/** The operators that cut a tensor into several along an axis, or join several to one. */
final class SplitImport {
  private SplitImport() {}

  static Node split(Operands at) {
    SplitOptions options = at.requiredOptions(BuiltinOptions.SplitOptions, new SplitOptions());
    int parts = at.read(options::numSplits);
    at.require(2, 2, parts);
    List<Integer> shape = at.tensor(1).shape();
    int axis = at.axis(at.integer(0, "axis"), shape.size());
    if (parts < 1 || shape.get(axis) % parts != 0) {
      throw at.malformed("cuts axis " + axis + " of " + shape + " into " + parts);
    }
    return parts(at, 1, axis, Collections.nCopies(parts, shape.get(axis) / parts));
  }

  static Node splitV(Operands at) {
    at.require(3, 3, at.outputs());
    List<Integer> shape = at.tensor(0).shape();
    List<Integer> sizes = new ArrayList<>(MoveImport.ints(at, at.integers(1, "sizes")));
    int axis = at.axis(at.integer(2, "axis"), shape.size());
    int rest = sizes.indexOf(-1);
    if (rest >= 0) {
      int others = sizes.stream().mapToInt(Integer::intValue).sum() + 1;
      sizes.set(rest, shape.get(axis) - others);
    }
    int sum = sizes.stream().mapToInt(Integer::intValue).sum();
    if (sizes.size() != at.outputs() || sum != shape.get(axis)) {
      throw at.malformed("cuts axis " + axis + " of " + shape + " into " + sizes);
    }
    return parts(at, 0, axis, sizes);
  }

  /** A slice for each output. */
  private static Node parts(Operands at, int operand, int axis, List<Integer> sizes) {
    int begin = 0;
    Node last = null;
    for (int i = 0; i < sizes.size(); i++) {
      if (last != null) {
        at.before(last);
      }
      last = part(at, operand, at.output(i), axis, begin, sizes.get(i));
      begin += sizes.get(i);
    }
    if (last == null) {
      throw at.malformed("has no outputs");
    }
    return last;
  }

  /** Some entries of one axis. */
  private static Node part(
      Operands at, int operand, Value output, int axis, int begin, int extent) {
    List<Integer> extents = new ArrayList<>(at.tensor(operand).shape());
    extents.set(axis, extent);
    List<Integer> begins = new ArrayList<>(Collections.nCopies(extents.size(), 0));
    begins.set(axis, begin);
    List<Integer> steps = Collections.nCopies(extents.size(), 1);
    return at.node(
        () -> new Slice(begins, extents, steps),
        MoveImport.SAME,
        List.of(output),
        List.of(at.input(operand)));
  }

  /** A slice of one entry for each output, and a reshape that drops the axis. */
  static Node unpack(Operands at) {
    at.require(1, 1, at.outputs());
    UnpackOptions options = at.requiredOptions(BuiltinOptions.UnpackOptions, new UnpackOptions());
    Value input = at.input(0);
    int axis = at.axis(at.read(options::axis), input.type().shape().rank());
    int count = input.type().shape().dim(axis);
    if (count != at.outputs()) {
      throw at.malformed("has " + at.outputs() + " outputs for " + count + " entries");
    }
    Shape entry = input.type().shape().with(axis, 1);
    Node last = null;
    for (int i = 0; i < count; i++) {
      if (last != null) {
        at.before(last);
      }
      Value part = at.between("/part" + i, input.type().withShape(entry));
      at.before(part(at, 0, part, axis, i, 1));
      last = reshaped(at, part, at.output(i));
    }
    if (last == null) {
      throw at.malformed("has no outputs");
    }
    return last;
  }

  private static Node reshaped(Operands at, Value from, Value to) {
    return at.node(
        () -> new Reshape(to.type().shape()), MoveImport.SAME, List.of(to), List.of(from));
  }

  /** Each operand gets the new axis, along which they are joined. */
  static Node pack(Operands at) {
    at.require(1, at.operands());
    PackOptions options = at.requiredOptions(BuiltinOptions.PackOptions, new PackOptions());
    int axis = at.axis(at.read(options::axis), at.outputTensor().shape().size());
    Shape entry = at.output().type().shape().with(axis, 1);
    List<Value> entries = new ArrayList<>();
    for (int i = 0; i < at.operands(); i++) {
      Value input = at.input(i);
      Value entered = at.between("/entry" + i, input.type().withShape(entry));
      entries.add(at.before(reshaped(at, input, entered)));
    }
    return at.node(() -> new Concat(axis), MoveImport.SAME, List.of(at.output()), entries);
  }
}
