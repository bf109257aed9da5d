package dev.thimble.quant;

import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Work on samples that runs in parallel and yet gives the same result every time: sample {@code i}
 * always belongs to accumulator {@code i % LANES}, and each accumulator takes its samples in order.
 * Only a block of samples is in memory at a time.
 */
final class SampleFold {
  /** The accumulators; fixed, so that results do not depend on the machine. */
  static final int LANES = 8;

  private static final int BLOCK = 8 * LANES;

  private SampleFold() {}

  /** What is done with a sample, whose number counts from 0. */
  @FunctionalInterface
  interface Step<A> {
    void accept(A accumulator, long number, List<Tensor> sample);
  }

  /** Runs over all samples; {@code afterBlock} sees all accumulators while nothing runs. */
  static <A> List<A> run(
      Iterable<List<Tensor>> samples,
      Supplier<A> make,
      Step<A> step,
      Consumer<List<A>> afterBlock,
      SampleListener listener) {
    List<A> lanes = new ArrayList<>(LANES);
    for (int i = 0; i < LANES; i++) {
      lanes.add(make.get());
    }
    long first = 0;
    Iterator<List<Tensor>> iterator = samples.iterator();
    while (iterator.hasNext()) {
      List<List<Tensor>> block = new ArrayList<>(BLOCK);
      while (block.size() < BLOCK && iterator.hasNext()) {
        block.add(iterator.next());
      }
      long start = first;
      IntStream.range(0, LANES)
          .parallel()
          .mapToObj(lane -> run(lane, start, block, lanes.get(lane), step, listener))
          .flatMap(Optional::stream)
          .min(Comparator.comparingLong(Failure::sample))
          .ifPresent(failure -> {
            throw failure.cause();
          });
      afterBlock.accept(lanes);
      first += block.size();
    }
    return lanes;
  }

  /** What went wrong with a sample; of several failures the first sample's is told. */
  private record Failure(long sample, RuntimeException cause) {}

  private static <A> Optional<Failure> run(
      int lane,
      long start,
      List<List<Tensor>> block,
      A accumulator,
      Step<A> step,
      SampleListener listener) {
    for (int i = lane; i < block.size(); i += LANES) {
      try {
        step.accept(accumulator, start + i, block.get(i));
      } catch (RuntimeException e) {
        return Optional.of(new Failure(start + i, e));
      }
      listener.done();
    }
    return Optional.empty();
  }
}
