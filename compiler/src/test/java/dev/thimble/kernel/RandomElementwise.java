package dev.thimble.kernel;

import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Broadcast;
import dev.thimble.op.Cast;
import dev.thimble.op.Compare;
import dev.thimble.op.Parametric;
import dev.thimble.op.Rounding;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Unary;
import dev.thimble.op.Where;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Random elementwise nodes of every element type, whose operands broadcast and may be constant. */
final class RandomElementwise {
  private static final float[] EDGES = {
    0, -0f, 1, -1, 0.5f, 1.5f, 2.5f, -2.5f, 127, -129, 3e9f, -3e9f, 1e20f, -1e20f
  };

  private final SplittableRandom random;
  private final RandomTensors tensors;
  private final Rounding rounding;

  RandomElementwise(SplittableRandom random, Rounding rounding) {
    this.random = random;
    this.tensors = new RandomTensors(random);
    this.rounding = rounding;
  }

  /** A node of each function of one input, for each element type that takes it. */
  List<KernelCase> ofOne() {
    List<KernelCase> cases = new ArrayList<>();
    for (DType dtype : DType.values()) {
      for (Unary.Function function : Unary.Function.values()) {
        boolean flags = function == Unary.Function.IS_NAN;
        one(new Unary(function), dtype, flags ? DType.BOOL : dtype).ifPresent(cases::add);
      }
      for (DType to : DType.values()) {
        one(new Cast(), dtype, to).ifPresent(cases::add);
      }
      for (Parametric.Function function : Parametric.Function.values()) {
        boolean flags = function == Parametric.Function.IS_INF;
        one(parametric(function), dtype, flags ? DType.BOOL : dtype).ifPresent(cases::add);
      }
    }
    return cases;
  }

  /** The function with numbers that it takes. */
  static Parametric parametric(Parametric.Function function) {
    float alpha = function == Parametric.Function.IS_INF ? 1 : 0.375f;
    return new Parametric(function, alpha, beta(function));
  }

  private static float beta(Parametric.Function function) {
    return switch (function) {
      case LEAKY_RELU, ELU, CELU, THRESHOLDED_RELU, IS_INF -> 0;
      case SELU, HARD_SIGMOID, SHRINK, CLIP -> 0.75f;
    };
  }

  private Optional<KernelCase> one(SingleOutputOp op, DType from, DType to) {
    int[] dims = random.nextBoolean() ? new int[] {random.nextInt(1, 40)} : new int[] {1, 3, 4, 5};
    TensorType input = TensorType.of(from, Shape.of(dims));
    TensorType output = TensorType.of(to, Shape.of(dims));
    return isTaken(op, List.of(input), output)
        ? Optional.of(node(op, List.of(fill(input)), output, -1))
        : Optional.empty();
  }

  /** A node of each function, for each quantised element type that takes it. */
  List<KernelCase> quantized() {
    List<KernelCase> cases = new ArrayList<>();
    for (DType dtype : List.of(DType.INT8, DType.INT16)) {
      Shape shape = Shape.of(random.nextInt(1, 60));
      TensorType input = quantized(dtype).withShape(shape);
      List<TensorType> outputs =
          List.of(
              input,
              quantized(dtype).withShape(shape),
              new TensorType(dtype, shape, new QuantParams.PerTensor(1f / 32768, 0)),
              new TensorType(dtype, shape, new QuantParams.PerTensor(1f / 128, 0)));
      List<SingleOutputOp> ops = new ArrayList<>();
      for (Unary.Function function : Unary.Function.values()) {
        ops.add(new Unary(function));
      }
      ops.add(new Parametric(Parametric.Function.LEAKY_RELU, 0.3f));
      ops.add(new Parametric(Parametric.Function.LEAKY_RELU, -1.25f));
      for (SingleOutputOp op : ops) {
        for (TensorType output : outputs) {
          if (isTaken(op, List.of(input), output)) {
            cases.add(node(op, List.of(tensors.fill(input)), output, -1));
          }
        }
      }
      for (Activation activation : Activation.values()) {
        for (Binary.Function function : Binary.Function.values()) {
          pair(new Binary(function, activation), dtype).ifPresent(cases::add);
        }
      }
      for (Compare.Function function : Compare.Function.values()) {
        pair(new Compare(function), dtype).ifPresent(cases::add);
      }
    }
    return cases;
  }

  private TensorType quantized(DType dtype) {
    int zeroPoint = dtype == DType.INT8 ? tensors.zeroPoint() : 0;
    float scale = dtype == DType.INT8 ? tensors.scale() : tensors.scale() / 256;
    return new TensorType(dtype, Shape.SCALAR, new QuantParams.PerTensor(scale, zeroPoint));
  }

  private Optional<KernelCase> pair(SingleOutputOp op, DType dtype) {
    List<Shape> shapes = shapes(2);
    TensorType first = quantized(dtype).withShape(shapes.get(0));
    boolean one = random.nextBoolean();
    TensorType second = (one ? first : quantized(dtype)).withShape(shapes.get(1));
    Shape shape = Broadcast.shape(shapes.get(0), shapes.get(1));
    TensorType output =
        op instanceof Compare
            ? TensorType.of(DType.BOOL, shape)
            : (one ? first : quantized(dtype)).withShape(shape);
    return isTaken(op, List.of(first, second), output)
        ? Optional.of(
            node(
                op,
                List.of(tensors.fill(first), tensors.fill(second)),
                output,
                random.nextInt(-2, 2)))
        : Optional.empty();
  }

  /** A node of each function of two inputs, and a choice, for each element type that takes it. */
  List<KernelCase> ofSeveral() {
    List<KernelCase> cases = new ArrayList<>();
    for (DType dtype : DType.values()) {
      for (Binary.Function function : Binary.Function.values()) {
        several(new Binary(function, Activation.NONE), dtype, dtype).ifPresent(cases::add);
      }
      for (Compare.Function function : Compare.Function.values()) {
        several(new Compare(function), dtype, DType.BOOL).ifPresent(cases::add);
      }
      several(new Where(), dtype, dtype).ifPresent(cases::add);
    }
    return cases;
  }

  private Optional<KernelCase> several(SingleOutputOp op, DType from, DType to) {
    int count = op instanceof Where ? 3 : 2;
    List<Shape> shapes = shapes(count);
    List<TensorType> types = new ArrayList<>();
    Shape shape = Shape.SCALAR;
    for (int i = 0; i < count; i++) {
      boolean condition = count == 3 && i == 0;
      types.add(TensorType.of(condition ? DType.BOOL : from, shapes.get(i)));
      shape = Broadcast.shape(shape, shapes.get(i));
    }
    TensorType output = TensorType.of(to, shape);
    return isTaken(op, types, output)
        ? Optional.of(
            node(op, types.stream().map(this::fill).toList(), output, random.nextInt(-2, count)))
        : Optional.empty();
  }

  /** Up to six axes, of which the shapes share some and repeat others. */
  private List<Shape> shapes(int count) {
    int rank = random.nextInt(1, 7);
    int broadcasting = random.nextInt(3);
    int[][] dims = new int[count][rank];
    boolean repeats = false;
    for (int axis = 0; axis < rank; axis++) {
      int extent = rank > 3 ? random.nextInt(1, 4) : random.nextInt(1, 8);
      // Repetition begins at one axis at most where there are many, so that four loops suffice.
      repeats = rank <= 4 ? random.nextBoolean() : repeats || random.nextInt(3) == 0;
      for (int i = 0; i < count; i++) {
        boolean one = broadcasting > 0 && i == broadcasting % count && repeats;
        dims[i][axis] = one ? 1 : extent;
      }
    }
    List<Shape> shapes = new ArrayList<>();
    for (int[] each : dims) {
      shapes.add(Shape.of(each));
    }
    return shapes;
  }

  static boolean isTaken(SingleOutputOp op, List<TensorType> inputs, TensorType output) {
    try {
      op.check(inputs, output);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private KernelCase node(SingleOutputOp op, List<Tensor> inputs, TensorType output, int constant) {
    List<Optional<Tensor>> constants = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      constants.add(i == constant ? Optional.of(inputs.get(i)) : Optional.empty());
    }
    List<TensorType> types = inputs.stream().map(Tensor::type).toList();
    KernelRequest request = new KernelRequest(op, types, constants, List.of(output), rounding);
    return KernelCase.of(request, inputs);
  }

  /** Small numbers, and now and then one at an end of what the type or a function knows. */
  private Tensor fill(TensorType type) {
    if (type.isFloat()) {
      float[] values = tensors.fill(type).floats().clone();
      for (int i = 0; i < values.length; i += random.nextInt(1, 9)) {
        values[i] = EDGES[random.nextInt(EDGES.length)];
      }
      return Tensor.ofFloats(type, values);
    }
    long[] values = new long[type.elements()];
    for (int i = 0; i < values.length; i++) {
      long small = random.nextInt(-3, 10);
      values[i] =
          switch (random.nextInt(8)) {
            case 0 -> type.dtype().min();
            case 1 -> type.dtype().max();
            default -> Math.clamp(small, type.dtype().min(), type.dtype().max());
          };
    }
    return Tensor.ofLongs(type, values);
  }
}
