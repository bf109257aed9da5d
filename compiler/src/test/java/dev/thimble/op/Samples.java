package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random tensors and types for tests of ops. */
final class Samples {
  private final Random random;

  Samples(long seed) {
    this.random = new Random(seed);
  }

  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  /** A scale between 2^-12 and 2^2. */
  float scale() {
    return (float) Math.exp(random.nextDouble(Math.log(1.0 / 4096), Math.log(4)));
  }

  /** An int8 type of any scale and zero point. */
  TensorType int8(int... dims) {
    return TensorType.int8(scale(), between(-128, 127), dims);
  }

  /** A symmetric int8 filter type with a scale per index of an axis. */
  TensorType filter(int axis, int... dims) {
    List<Float> scales = new ArrayList<>();
    for (int i = 0; i < dims[axis]; i++) {
      scales.add(scale() / 16);
    }
    return new TensorType(DType.INT8, Shape.of(dims), new QuantParams.PerChannel(axis, scales));
  }

  /** Elements over the whole range of int8. */
  Tensor elements(TensorType type) {
    if (type.isFloat()) {
      float[] values = new float[type.elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextFloat(-4, 4);
      }
      return Tensor.ofFloats(type, values);
    }
    int bound = type.dtype() == DType.INT32 ? 5000 : 128;
    int[] values = new int[type.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = between(-bound, bound - 1);
    }
    return Tensor.ofInts(type, values);
  }

  /** An int32 of any magnitude, small ones as likely as large ones. */
  int anyInt() {
    return random.nextInt() >> random.nextInt(32);
  }

  double anyDouble(double low, double high) {
    return random.nextDouble(low, high);
  }
}
