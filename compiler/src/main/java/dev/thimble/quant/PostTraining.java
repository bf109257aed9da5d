package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Quantises a trained float network after what samples show of it. */
public final class PostTraining {
  private PostTraining() {}

  /**
   * The int8 network of a float network whose activations are folded already. The same network,
   * samples and settings always give the same result.
   *
   * @param samples for each a tensor for each input; gone through several times
   * @throws IllegalArgumentException when there are no samples, or where a number is not finite
   */
  public static QuantizationResult run(
      Graph graph,
      Iterable<List<Tensor>> samples,
      QuantizeSettings settings,
      SampleListener listener) {
    Calibration calibration = Calibration.run(graph, samples, listener);
    Recipe recipe =
        new Recipe(
            calibration.ranges(settings.calibrator()), Map.of(), Map.of(), settings.floatIo());
    return new QuantizationResult(
        Quantizer.run(graph, recipe), calibration.samples(), List.of(settings.calibrator().text()));
  }
}
