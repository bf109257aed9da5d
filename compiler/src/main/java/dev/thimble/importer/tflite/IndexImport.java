package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Gather;
import dev.thimble.op.GatherNd;
import dev.thimble.op.OneHot;
import dev.thimble.op.ScatterNd;
import dev.thimble.op.ScatterReduction;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.GatherOptions;
import org.tensorflow.lite.schema.OneHotOptions;

/** The operators that find elements by indices. */
final class IndexImport {
  private static final String SUPPORTED = "int32 or int64 indices and " + MoveImport.SAME;

  private IndexImport() {}

  static Node gather(Operands at) {
    at.require(2, 2);
    GatherOptions options = new GatherOptions();
    boolean stored = at.options(BuiltinOptions.GatherOptions, options).isPresent();
    int axis = stored ? at.axis(at.read(options::axis), at.tensor(0).shape().size()) : 0;
    int batches = stored ? at.read(options::batchDims) : 0;
    int counted = batches < 0 ? batches + at.tensor(1).shape().size() : batches;
    return at.node(
        () -> new Gather(axis, counted),
        SUPPORTED,
        List.of(at.output()),
        List.of(at.input(0), at.input(1)));
  }

  static Node gatherNd(Operands at) {
    at.require(2, 2);
    return at.node(
        () -> new GatherNd(0), SUPPORTED, List.of(at.output()), List.of(at.input(0), at.input(1)));
  }

  static Node embeddingLookup(Operands at) {
    at.require(2, 2);
    return at.node(
        () -> new Gather(0), SUPPORTED, List.of(at.output()), List.of(at.input(1), at.input(0)));
  }

  /** The values "on" and "off" must be constants. */
  static Node oneHot(Operands at) {
    at.require(4, 4);
    OneHotOptions options = new OneHotOptions();
    boolean stored = at.options(BuiltinOptions.OneHotOptions, options).isPresent();
    Value output = at.output();
    int axis = at.axis(stored ? at.read(options::axis) : -1, output.type().shape().rank());
    long depth = at.integer(1, "depth");
    if (depth != output.type().shape().dim(axis)) {
      throw at.malformed("has depth " + depth + ", its output is " + output.type());
    }
    if (!at.isConstant(2) || !at.isConstant(3)) {
      throw new UnsupportedNode("computed values", "constant values on and off");
    }
    Value values = at.implied("/values", values(at, at.constant(3), at.constant(2)));
    return at.node(
        () -> new OneHot(axis, (int) depth, false),
        "integer indices, and values of the output's own type",
        List.of(output),
        List.of(at.input(0), values));
  }

  private static Tensor values(Operands at, Tensor off, Tensor on) {
    TensorType type = off.type().withShape(Shape.of(2));
    if (off.type().elements() != 1 || !on.type().equals(off.type())) {
      throw at.malformed("has values of types " + on.type() + " and " + off.type());
    }
    return type.isFloat()
        ? Tensor.ofFloats(type, off.floats()[0], on.floats()[0])
        : Tensor.ofLongs(type, off.longs()[0], on.longs()[0]);
  }

  /** Updates that fall on one element are added up. */
  static Node scatterNd(Operands at) {
    at.require(3, 3);
    MoveImport.requireShape(at, 2);
    Value zeros = at.implied("/zeros", MoveImport.zeros(at.output().type()));
    return at.node(
        () -> new ScatterNd(ScatterReduction.ADD),
        "int32 or int64 indices, and float32 or integers without quantisation",
        List.of(at.output()),
        List.of(zeros, at.input(0), at.input(1)));
  }
}
