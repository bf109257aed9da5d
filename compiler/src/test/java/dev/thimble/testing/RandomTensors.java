package dev.thimble.testing;

import dev.thimble.kernel.KernelRequest;
import dev.thimble.op.Bias;
import dev.thimble.op.Op;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Random types and data for the inputs of nodes. */
public final class RandomTensors {
  private final SplittableRandom random;
  private boolean fractions;

  public RandomTensors(SplittableRandom random) {
    this.random = random;
  }

  /** From now on, most biases have fractions. */
  public void addFractions() {
    fractions = true;
  }

  /** An int8 type with a random scale and zero point, often at an end of the range, or float32. */
  public TensorType activations(boolean floats, int... dims) {
    return floats ? TensorType.float32(dims) : TensorType.int8(scale(), zeroPoint(), dims);
  }

  public float scale() {
    return (float) Math.exp(random.nextDouble(-5, -1));
  }

  public int zeroPoint() {
    return switch (random.nextInt(4)) {
      case 0 -> -128;
      case 1 -> 127;
      case 2 -> 0;
      default -> random.nextInt(-128, 128);
    };
  }

  /** Elements over the whole range; a few tensors hold nothing but extremes. */
  public Tensor fill(TensorType type) {
    if (type.isFloat()) {
      float[] values = new float[type.elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextDouble(-4, 4);
      }
      return Tensor.ofFloats(type, values);
    }
    if (type.dtype() != DType.INT8) {
      return integers(type);
    }
    boolean extremes = random.nextInt(8) == 0;
    int[] values = new int[type.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = extremes ? (random.nextBoolean() ? 127 : -128) : random.nextInt(-128, 128);
    }
    return Tensor.ofInts(type, values);
  }

  /** Integers over the whole range of their type; a few tensors hold nothing but extremes. */
  private Tensor integers(TensorType type) {
    long min = type.dtype().min();
    long max = type.dtype().max();
    boolean extremes = random.nextInt(8) == 0;
    long[] values = new long[type.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          extremes
              ? (random.nextBoolean() ? max : min)
              : type.dtype() == DType.INT64 ? random.nextLong() : random.nextLong(min, max + 1);
    }
    return Tensor.ofLongs(type, values);
  }

  /** A type with these elements: quantised as networks have it, int8 always and int16 at times. */
  public TensorType type(DType dtype, int... dims) {
    boolean quantized = dtype == DType.INT8 || (dtype == DType.INT16 && random.nextBoolean());
    return new TensorType(
        dtype,
        Shape.of(dims),
        quantized
            ? new QuantParams.PerTensor(scale(), dtype == DType.INT8 ? zeroPoint() : 0)
            : QuantParams.NONE);
  }

  /** A filter, quantised per tensor or along an axis; int8 scales spread over two octaves. */
  public Tensor filter(boolean floats, int axis, int... dims) {
    if (floats) {
      return fill(TensorType.float32(dims));
    }
    QuantParams quant = new QuantParams.PerTensor(scale(), 0);
    if (random.nextBoolean()) {
      List<Float> scales = new ArrayList<>();
      for (int i = 0; i < dims[axis]; i++) {
        scales.add(scale());
      }
      quant = new QuantParams.PerChannel(axis, scales);
    }
    return fill(new TensorType(DType.INT8, Shape.of(dims), quant));
  }

  /** A filter in which each element needs at most so many bits; a single one stands for -1 or 1. */
  public Tensor filterOfBits(int bits, int axis, int... dims) {
    TensorType type = filter(false, axis, dims).type();
    int[] values = new int[type.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          bits == 1
              ? random.nextInt(2) * 2 - 1
              : random.nextInt(-(1 << (bits - 1)), 1 << (bits - 1));
    }
    return Tensor.ofInts(type, values);
  }

  /** A filter of mostly negative weights, from one to four of them -128. */
  public Tensor filterOfFewLeast(int axis, int... dims) {
    TensorType type = filter(false, axis, dims).type();
    int[] values = new int[type.elements()];
    Arrays.setAll(values, i -> random.nextInt(-127, 20));
    for (int i = random.nextInt(4); i >= 0; i--) {
      values[random.nextInt(values.length)] = -128;
    }
    return Tensor.ofInts(type, values);
  }

  public Tensor bias(boolean floats, int channels) {
    if (floats) {
      return fill(TensorType.float32(channels));
    }
    int[] values = new int[channels];
    for (int i = 0; i < channels; i++) {
      values[i] = random.nextInt(-20000, 20000);
    }
    Tensor whole = Tensor.ofInts(TensorType.of(DType.INT32, Shape.of(channels)), values);
    return fractions
        ? BiasFractions.added(whole, random.nextInt(Bias.MAX_BITS + 1), random)
        : whole;
  }

  /**
   * The output type of a sum of {@code taps} products: mostly of a scale that uses the int8 range,
   * at times so small that most outputs saturate and the multiplier exceeds 1.
   */
  public TensorType output(Shape shape, TensorType input, TensorType filter, int taps) {
    if (input.isFloat()) {
      return TensorType.of(DType.FLOAT32, shape);
    }
    double typical = input.scale() * filter.scaleOf(0) * Math.sqrt(taps) * 60;
    double scale = typical * Math.exp(random.nextDouble(-1, 1));
    if (random.nextInt(8) == 0) {
      scale = input.scale() * filter.scaleOf(0) / 3;
    }
    return new TensorType(DType.INT8, shape, new QuantParams.PerTensor((float) scale, zeroPoint()));
  }

  /** A request in which all inputs are computed at run time. */
  public static KernelRequest computed(
      Op op, List<Tensor> inputs, TensorType output, Rounding rounding) {
    return new KernelRequest(
        op,
        inputs.stream().map(Tensor::type).toList(),
        inputs.stream().map(input -> Optional.<Tensor>empty()).toList(),
        List.of(output),
        rounding);
  }

  /** A request in which all inputs but the first are constants. */
  public static KernelRequest request(
      Op op, List<Tensor> inputs, TensorType output, Rounding rounding) {
    List<Optional<Tensor>> constants = new ArrayList<>();
    for (Tensor input : inputs) {
      constants.add(constants.isEmpty() ? Optional.empty() : Optional.of(input));
    }
    return new KernelRequest(
        op, inputs.stream().map(Tensor::type).toList(), constants, List.of(output), rounding);
  }
}
