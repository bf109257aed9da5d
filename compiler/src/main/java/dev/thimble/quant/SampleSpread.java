package dev.thimble.quant;

import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Some of many samples, taken evenly from all without knowing their number before. */
final class SampleSpread {
  private SampleSpread() {}

  /** At least half as many samples as wanted and at most that, or all where there are fewer. */
  static List<List<Tensor>> of(Iterable<List<Tensor>> samples, int wanted) {
    List<List<Tensor>> taken = new ArrayList<>();
    long step = 1;
    long number = 0;
    for (List<Tensor> sample : samples) {
      if (number++ % step != 0) {
        continue;
      }
      if (taken.size() == wanted) {
        // Every other one gives way; what follows is taken at twice the distance.
        for (int i = taken.size() - 1; i > 0; i--) {
          if (i % 2 == 1) {
            taken.remove(i);
          }
        }
        step *= 2;
        if ((number - 1) % step != 0) {
          continue;
        }
      }
      taken.add(sample);
    }
    return taken;
  }
}
