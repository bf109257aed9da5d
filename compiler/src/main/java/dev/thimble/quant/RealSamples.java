package dev.thimble.quant;

import dev.thimble.tensor.Tensor;
import java.util.Iterator;
import java.util.List;

/** Samples with the real numbers that quantised elements stand for. */
final class RealSamples implements Iterator<List<Tensor>> {
  private final Iterator<List<Tensor>> samples;

  RealSamples(Iterator<List<Tensor>> samples) {
    this.samples = samples;
  }

  @Override
  public boolean hasNext() {
    return samples.hasNext();
  }

  @Override
  public List<Tensor> next() {
    return samples.next().stream().map(Elements::floats).toList();
  }
}
