package dev.thimble.testing;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/**
 * Small random networks: the same seed always gives the same graph. They hold every op that the
 * domain allows, forks and joins, several outputs, borders, strides, dilation and groups, filters
 * and slices of filters that are all zero, channels that nothing reads, and nodes that do nothing.
 */
public final class RandomGraphs {
  private RandomGraphs() {}

  /** A network of int8 activations with a map as input, and the seed in its name. */
  public static Graph int8(long seed) {
    return new RandomGraphBuilder("random_int8_" + seed, new SplittableRandom(seed), true).build();
  }

  /** A network of float32 activations with a map as input, and the seed in its name. */
  public static Graph float32(long seed) {
    return new RandomGraphBuilder("random_float32_" + seed, new SplittableRandom(seed), false)
        .build();
  }

  /**
   * A network whose memory is worth planning by rows: tall, flat and narrow maps, residual blocks,
   * maps with several readers. Every second seed is of int8, the others of float32.
   */
  public static Graph tall(long seed) {
    return new RandomGraphBuilder("random_tall_" + seed, new SplittableRandom(seed), seed % 2 == 0)
        .buildTall();
  }

  /** Random inputs for a graph: all stored values of integers, floats between -4 and 4. */
  public static List<Tensor> inputs(Graph graph, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Tensor> inputs = new ArrayList<>();
    for (Value input : graph.inputs()) {
      inputs.add(tensor(input.type(), random));
    }
    return inputs;
  }

  /** Random inputs of the seeds 1 to {@code count}, as {@link #inputs} makes them. */
  public static List<List<Tensor>> samples(Graph graph, int count) {
    return LongStream.rangeClosed(1, count).mapToObj(seed -> inputs(graph, seed)).toList();
  }

  /** A random tensor of a type: all stored values of integers, floats between -4 and 4. */
  public static Tensor tensor(TensorType type, SplittableRandom random) {
    if (type.isFloat()) {
      float[] floats = new float[type.elements()];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) random.nextDouble(-4, 4);
      }
      return Tensor.ofFloats(type, floats);
    }
    long min = type.dtype().min();
    long max = type.dtype().max();
    long[] integers = new long[type.elements()];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = max == Long.MAX_VALUE ? random.nextLong() : random.nextLong(min, max + 1);
    }
    return Tensor.ofLongs(type, integers);
  }

  /** Runs a check for the seeds 1 to {@code count}; a failure names its seed. */
  public static void forSeeds(int count, LongConsumer check) {
    for (long seed = 1; seed <= count; seed++) {
      try {
        check.accept(seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }
}
