package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.op.Pad;
import dev.thimble.op.Reduce;
import dev.thimble.op.Reshape;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.MirrorPadMode;
import org.tensorflow.lite.schema.MirrorPadOptions;
import org.tensorflow.lite.schema.ReducerOptions;

/**
 * The operators whose operands speak of axes: RESHAPE and its kin, the reductions, PAD and its kin.
 */
final class ShapeImport {
  private static final String SAME =
      "elements of one type, and of one scale and zero point, for input and output";

  private ShapeImport() {}

  /** The shape is the output's; a shape operand must be constant and agree with it. */
  static Node reshape(Operands at) {
    at.require(1, 2);
    if (at.has(1)) {
      List<Long> shape = at.integers(1, "shape");
      resolved(shape, at.tensor(0).elements()).ifPresent(at::closeOutput);
      List<Integer> declared = at.outputTensor().shape();
      boolean agrees = shape.size() == declared.size();
      for (int axis = 0; agrees && axis < shape.size(); axis++) {
        agrees = shape.get(axis) == -1 || shape.get(axis) == (long) declared.get(axis);
      }
      if (!agrees) {
        throw at.malformed("has shape operand " + shape + ", its output is declared " + declared);
      }
    }
    return asReshape(at);
  }

  /** The extents that a shape operand means, with what is left over for -1; nothing if unclear. */
  private static Optional<List<Integer>> resolved(List<Long> shape, int elements) {
    long known = 1;
    for (long extent : shape) {
      if (extent == 0 || extent < -1 || extent > elements) {
        return Optional.empty();
      }
      known *= Math.abs(extent);
      if (known > elements) {
        return Optional.empty();
      }
    }
    long left = elements / known;
    boolean fits = Collections.frequency(shape, -1L) <= 1 && left * known == elements;
    return fits
        ? Optional.of(shape.stream().map(e -> (int) (e == -1 ? left : e)).toList())
        : Optional.empty();
  }

  /** SQUEEZE and EXPAND_DIMS: only axes of extent 1 may come or go. */
  static Node axesOfOne(Operands at) {
    boolean expands = at.builtin() == BuiltinOperator.EXPAND_DIMS;
    at.require(expands ? 2 : 1, expands ? 2 : 1);
    List<Integer> from = at.tensor(0).shape().stream().filter(extent -> extent != 1).toList();
    List<Integer> to = at.outputTensor().shape().stream().filter(extent -> extent != 1).toList();
    if (!from.equals(to)) {
      throw at.malformed(
          "turns shape " + at.tensor(0).shape() + " into " + at.outputTensor().shape());
    }
    if (expands) {
      at.integers(1, "axis");
    }
    return asReshape(at);
  }

  private static Node asReshape(Operands at) {
    TensorType output = at.output().type();
    return at.node(
        () -> new Reshape(output.shape()), SAME, List.of(at.output()), List.of(at.input(0)));
  }

  /** Axes may be negative, in any order, and repeated. */
  static Node reduce(Operands at, Reduce.Function function) {
    at.require(2, 2);
    ReducerOptions table = new ReducerOptions();
    boolean stored = at.options(BuiltinOptions.ReducerOptions, table).isPresent();
    boolean keepAxes = stored && at.read(table::keepDims);
    int rank = at.tensor(0).shape().size();
    TreeSet<Integer> axes = new TreeSet<>();
    for (long axis : at.integers(1, "axes")) {
      long counted = axis < 0 ? axis + rank : axis;
      if (counted < 0 || counted >= rank) {
        throw at.malformed("has axis " + axis + ", its input has " + rank + " axes");
      }
      axes.add((int) counted);
    }
    if (axes.isEmpty()) {
      throw new UnsupportedNode("no axes", "at least one axis");
    }
    String supported =
        switch (function) {
          case MEAN, SUM ->
              "float32 throughout, int8 or int16 per tensor throughout, or other integers";
          case MAX, MIN -> SAME;
          case ANY, ALL -> "booleans";
          case PROD, L1, L2, SUM_SQUARE, LOG_SUM, LOG_SUM_EXP ->
              "float32 or integers without quantisation";
        };
    return at.node(
        () -> new Reduce(function, List.copyOf(axes), keepAxes),
        supported,
        List.of(at.output()),
        List.of(at.input(0)));
  }

  /**
   * PAD pads with a real 0, thus with the zero point; PADV2 with the value of its operand 2;
   * MIRROR_PAD with the input's own elements.
   */
  static Node pad(Operands at) {
    boolean valued = at.builtin() == BuiltinOperator.PADV2;
    at.require(valued ? 3 : 2, valued ? 3 : 2);
    int rank = at.tensor(0).shape().size();
    List<Integer> stored = at.tensor(1).shape();
    List<Long> paddings = at.integers(1, "paddings");
    if (!stored.equals(List.of(rank, 2))) {
      throw at.malformed("has paddings of shape " + stored + " for " + rank + " axes");
    }
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    for (int i = 0; i < paddings.size(); i++) {
      long padding = paddings.get(i);
      if (padding < 0 || padding > Integer.MAX_VALUE) {
        throw at.malformed("has the padding " + padding);
      }
      (i % 2 == 0 ? before : after).add((int) padding);
    }
    Pad.Mode mode = at.builtin() == BuiltinOperator.MIRROR_PAD ? mirror(at) : Pad.Mode.CONSTANT;
    double value = valued ? padValue(at) : zero(at.output().type());
    return at.node(
        () -> new Pad(before, after, mode == Pad.Mode.CONSTANT ? value : 0, mode),
        SAME,
        List.of(at.output()),
        List.of(at.input(0)));
  }

  private static Pad.Mode mirror(Operands at) {
    MirrorPadOptions options =
        at.requiredOptions(BuiltinOptions.MirrorPadOptions, new MirrorPadOptions());
    byte mode = at.read(options::mode);
    return switch (mode) {
      case MirrorPadMode.REFLECT -> Pad.Mode.REFLECT;
      case MirrorPadMode.SYMMETRIC -> Pad.Mode.SYMMETRIC;
      default -> throw at.malformed("has the mirror mode " + mode);
    };
  }

  static double zero(TensorType type) {
    return type.quant() instanceof QuantParams.PerTensor p ? p.zeroPoint() : 0;
  }

  private static double padValue(Operands at) {
    TensorType output = at.output().type();
    String supported = "a constant value of the output's own type";
    if (!at.isConstant(2)) {
      throw new UnsupportedNode("a computed value", supported);
    }
    TensorType type = at.type(2);
    boolean sameType = type.dtype() == output.dtype() && type.quant().equals(output.quant());
    if (!sameType || type.elements() != 1) {
      throw new UnsupportedNode("a value of another type, " + at.describe(), supported);
    }
    Tensor value = at.constant(2);
    double number = type.isFloat() ? value.floats()[0] : value.longs()[0];
    if (!Double.isFinite(number)) {
      throw new UnsupportedNode("the value " + number, "finite values");
    }
    return number;
  }
}
