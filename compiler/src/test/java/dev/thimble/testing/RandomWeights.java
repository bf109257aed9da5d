package dev.thimble.testing;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Random filters and biases of random graphs. */
final class RandomWeights {
  private final SplittableRandom random;
  private final boolean quantized;

  RandomWeights(SplittableRandom random, boolean quantized) {
    this.random = random;
    this.quantized = quantized;
  }

  /** A filter of this shape; {@code axis} is that of its outputs. */
  Tensor filter(Shape shape, int axis) {
    return filter(filterType(shape, axis), axis);
  }

  /** The biases of so many outputs. */
  Tensor bias(int outputs) {
    return bias(TensorType.of(quantized ? DType.INT32 : DType.FLOAT32, Shape.of(outputs)));
  }

  private TensorType filterType(Shape shape, int axis) {
    if (!quantized) {
      return TensorType.of(DType.FLOAT32, shape);
    }
    if (oneIn(4)) {
      return new TensorType(DType.INT8, shape, new QuantParams.PerTensor(scale(), 0));
    }
    List<Float> scales = IntStream.range(0, shape.dim(axis)).mapToObj(i -> scale()).toList();
    return new TensorType(DType.INT8, shape, new QuantParams.PerChannel(axis, scales));
  }

  /** Random weights; whole outputs, and on average a third of the input channels, are zero. */
  private Tensor filter(TensorType type, int axis) {
    Shape shape = type.shape();
    int inputAxis = axis == 0 ? shape.rank() - 1 : 0;
    boolean[] noOutput = flags(shape.dim(axis), 3);
    boolean[] noInput = flags(shape.dim(inputAxis), axis == 0 ? 3 : Integer.MAX_VALUE);
    int inputs = shape.dim(inputAxis);
    Tensor all = RandomGraphs.tensor(type, random);
    int outputSpan = axis == 0 ? shape.elements() / shape.dim(0) : 1;
    int[] ints = type.isFloat() ? new int[0] : all.ints().clone();
    float[] floats = type.isFloat() ? all.floats().clone() : new float[0];
    for (int i = 0; i < shape.elements(); i++) {
      if (noOutput[i / outputSpan % shape.dim(axis)] || (axis == 0 && noInput[i % inputs])) {
        if (type.isFloat()) {
          floats[i] = 0;
        } else {
          ints[i] = 0;
        }
      }
    }
    return type.isFloat() ? Tensor.ofFloats(type, floats) : Tensor.ofInts(type, ints);
  }

  private Tensor bias(TensorType type) {
    if (type.isFloat()) {
      return RandomGraphs.tensor(type, random);
    }
    int magnitude = oneIn(20) ? Integer.MAX_VALUE - 1000 : 20_000;
    return Tensor.ofInts(type, random.ints(type.elements(), -magnitude, magnitude).toArray());
  }

  private float scale() {
    return (float) random.nextDouble(0.004, 0.08);
  }

  private boolean[] flags(int count, int oneIn) {
    boolean[] flags = new boolean[count];
    for (int i = 0; i < count; i++) {
      flags[i] = oneIn(oneIn);
    }
    return flags;
  }

  private boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }
}
