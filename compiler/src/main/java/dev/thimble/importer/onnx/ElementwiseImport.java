package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Compare;
import dev.thimble.op.Op;
import dev.thimble.op.Unary;
import dev.thimble.op.Where;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Functions of one element without parameters, and of pairs of elements. */
final class ElementwiseImport {
  private ElementwiseImport() {}

  static void unary(OnnxNode at, Unary.Function function) {
    at.require(1, 1);
    at.attributes().ignore("consumed_inputs");
    at.pointwise(new Unary(function), at.x(0));
  }

  /** A function that makes booleans. */
  static void test(OnnxNode at, Op op) {
    at.require(1, 1);
    LaidOut x = at.x(0);
    at.set(at.graph().pointwise(at.name(), op, DType.BOOL, x));
  }

  static void binary(OnnxNode at, Binary.Function function) {
    at.require(2, 2);
    at.attributes().ignore("consumed_inputs");
    at.set(pair(at, at.name(), function, operands(at)));
  }

  /** A node of two operands, of the first one's type. */
  static LaidOut pair(OnnxNode at, String name, Binary.Function function, List<LaidOut> operands) {
    Op op = new Binary(function, Activation.NONE);
    return at.graph().elementwise(name, op, operands.getFirst().dtype(), operands);
  }

  /** A node of a tensor and a number of its type. */
  static LaidOut with(
      OnnxNode at, String name, Binary.Function function, LaidOut x, double number) {
    return pair(at, name, function, List.of(x, number(at, name + "_by", x.dtype(), number)));
  }

  /** A constant of one number. */
  static LaidOut number(OnnxNode at, String name, DType dtype, double number) {
    TensorType type = TensorType.of(dtype, Shape.SCALAR);
    Tensor data =
        dtype.isFloat()
            ? Tensor.ofFloats(type, (float) number)
            : Tensor.ofLongs(type, (long) number);
    return at.graph().constant(at.graph().fresh(name), data);
  }

  static void compare(OnnxNode at, Compare.Function function) {
    at.require(2, 2);
    at.set(at.graph().elementwise(at.name(), new Compare(function), DType.BOOL, operands(at)));
  }

  /**
   * Two operands. Before opset 7 the second was broadcast only on demand, along axes from a stated
   * one on.
   */
  static List<LaidOut> operands(OnnxNode at) {
    LaidOut a = at.x(0);
    LaidOut b = at.x(1);
    if (at.opset() >= 7) {
      return List.of(a, b);
    }
    boolean broadcast = at.attributes().flag("broadcast", false);
    Optional<Long> axis = at.attributes().integer("axis");
    if (broadcast && axis.isPresent() && b.rank() > 0) {
      int behind = a.rank() - at.axis(axis.get(), a.rank()) - b.rank();
      int[] dims = Arrays.copyOf(b.shape().dims(), b.rank() + Math.max(behind, 0));
      Arrays.fill(dims, b.rank(), dims.length, 1);
      b = at.graph().reshape(at.name("operand"), b, Shape.of(dims));
    }
    return List.of(a, b);
  }

  /** A slope for each element or, where its axes are fewer, for each channel. */
  static void prelu(OnnxNode at) {
    at.require(2, 2);
    at.attributes().ignore("consumed_inputs");
    LaidOut x = at.x(0);
    LaidOut slope = at.x(1);
    boolean perChannel = at.opset() < 7 && slope.rank() == 1 && x.rank() > 1;
    if (perChannel && slope.shape().dim(0) > 1) {
      int[] dims = new int[x.rank() - 1];
      Arrays.fill(dims, 1);
      dims[0] = slope.shape().dim(0);
      slope = at.graph().reshape(at.name("slopes"), slope, Shape.of(dims));
    }
    at.set(pair(at, at.name(), Binary.Function.PRELU, List.of(x, slope)));
  }

  static void mod(OnnxNode at) {
    boolean remainder = at.attributes().flag("fmod", false);
    binary(at, remainder ? Binary.Function.FMOD : Binary.Function.MOD);
  }

  static void bitShift(OnnxNode at) {
    String direction = at.attributes().text("direction", "");
    switch (direction) {
      case "LEFT" -> binary(at, Binary.Function.SHIFT_LEFT);
      case "RIGHT" -> binary(at, Binary.Function.SHIFT_RIGHT);
      default -> throw at.malformed("has direction " + Source.quoted(direction));
    }
  }

  /** A power; its exponent may be of another type. */
  static void pow(OnnxNode at) {
    at.require(2, 2);
    List<LaidOut> operands = operands(at);
    LaidOut base = operands.get(0);
    LaidOut exponent = CastImport.cast(at, at.name("exponent"), operands.get(1), base.dtype());
    boolean exact = operands.get(1).dtype() == base.dtype();
    if (!exact && !base.dtype().isFloat()) {
      // An integer to a power that is no integer is computed with floats.
      LaidOut real = CastImport.cast(at, at.name("base"), base, DType.FLOAT32);
      LaidOut power =
          pair(
              at,
              at.name("power"),
              Binary.Function.POW,
              List.of(real, CastImport.cast(at, at.name("float"), operands.get(1), DType.FLOAT32)));
      at.set(CastImport.cast(at, at.name(), power, base.dtype()));
      return;
    }
    at.set(pair(at, at.name(), Binary.Function.POW, List.of(base, exponent)));
  }

  /** A function of any number of operands, taken pair by pair. */
  static void fold(OnnxNode at, Binary.Function function) {
    at.require(1, Integer.MAX_VALUE);
    at.attributes().ignore("consumed_inputs");
    at.set(folded(at, at.name(), function));
  }

  private static LaidOut folded(OnnxNode at, String name, Binary.Function function) {
    LaidOut result = at.x(0);
    for (int i = 1; i < at.inputs(); i++) {
      String step = i == at.inputs() - 1 ? name : at.name("of_" + (i + 1));
      result = pair(at, step, function, List.of(result, at.x(i)));
    }
    return result;
  }

  static void mean(OnnxNode at) {
    at.require(1, Integer.MAX_VALUE);
    at.attributes().ignore("consumed_inputs");
    if (at.inputs() == 1) {
      at.set(at.x(0));
      return;
    }
    LaidOut sum = folded(at, at.name("sum"), Binary.Function.ADD);
    at.set(with(at, at.name(), Binary.Function.DIV, sum, at.inputs()));
  }

  static void where(OnnxNode at) {
    at.require(3, 3);
    at.set(at.graph().elementwise(at.name(), new Where(), at.x(1).dtype(), at.xs()));
  }
}
