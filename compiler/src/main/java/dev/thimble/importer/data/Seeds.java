package dev.thimble.importer.data;

import dev.thimble.graph.Value;
import dev.thimble.importer.IoInfo;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Samples that anyone can repeat in any language. The state starts as the seed; before each element
 * it becomes {@code state * 1664525 + 1013904223} modulo 2^32, and the element is taken from its
 * upper bits. Elements are drawn in row-major order, continuing from input to input.
 */
public final class Seeds {
  private static final int MULTIPLIER = 1664525;
  private static final int INCREMENT = 1013904223;
  private static final float TWO_TO_31 = 0x1p31f;

  private int state;

  private Seeds(int seed) {
    state = seed;
  }

  /** The sample of this seed: a tensor for each input, in their order. */
  public static List<Tensor> sample(int seed, List<Value> inputs) {
    Seeds seeds = new Seeds(seed);
    List<Tensor> tensors = new ArrayList<>(inputs.size());
    inputs.forEach(input -> tensors.add(seeds.tensor(input.type())));
    return tensors;
  }

  /** The sample of this seed, drawn in the order in which the model file has its axes. */
  public static List<Tensor> sampleSource(int seed, List<IoInfo> ports) {
    Seeds seeds = new Seeds(seed);
    List<Tensor> tensors = new ArrayList<>(ports.size());
    ports.forEach(port -> tensors.add(port.ofSource(seeds.tensor(port.sourceType()))));
    return tensors;
  }

  private Tensor tensor(TensorType type) {
    int elements = type.elements();
    if (type.isFloat()) {
      float[] floats = new float[elements];
      for (int i = 0; i < elements; i++) {
        floats[i] = next() / TWO_TO_31;
      }
      return Tensor.ofFloats(type, floats);
    }
    long[] integers = new long[elements];
    for (int i = 0; i < elements; i++) {
      int x = next();
      integers[i] =
          switch (type.dtype()) {
            case BOOL -> x >>> 31;
            case INT8 -> x >> 24;
            case UINT8 -> x >>> 24;
            case INT16 -> x >> 16;
            case UINT16 -> x >>> 16;
            case INT32, INT64 -> x >> 8;
            case UINT32 -> x >>> 8;
            case FLOAT32 -> throw new IllegalStateException("float32 was drawn above");
          };
    }
    return Tensor.ofLongs(type, integers);
  }

  private int next() {
    state = state * MULTIPLIER + INCREMENT;
    return state;
  }
}
