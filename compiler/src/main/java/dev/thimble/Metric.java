package dev.thimble;

import dev.thimble.tensor.Tensor;
import java.util.List;

/**
 * A figure of one's own that {@code evaluate --metric} computes of each way of running a network:
 * as floats, quantised, and generated. An instance serves one of them; it is made by its public
 * constructor without parameters, and takes the samples in their order, from one thread.
 */
public interface Metric {
  /** The name that reports use; none that they use already. */
  String name();

  /** Takes in a sample. */
  void add(Sample sample);

  /** The figure over all samples so far. */
  double value();

  /**
   * What a network makes of a sample.
   *
   * @param number counts from 0
   * @param inputs as the data has them
   * @param outputs real numbers: quantised ones by their scale, integers as they are
   * @param label the sample's class, or -1 where there is none
   */
  record Sample(long number, List<Tensor> inputs, List<double[]> outputs, int label) {
    public Sample {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }
  }
}
