package dev.thimble.cli;

import dev.thimble.importer.IoInfo;
import dev.thimble.tensor.Tensor;
import java.io.PrintStream;
import java.util.Iterator;
import java.util.List;

/** Tells of samples that are all one number: ranges are found after them, but of no use. */
final class UniformSamples {
  /** How many of the samples are looked at. */
  private static final int FIRST = 64;

  private UniformSamples() {}

  /** Warns of each input whose elements are the same in all of the first samples. */
  static void warn(PrintStream to, Iterable<List<Tensor>> samples, List<IoInfo> ports) {
    for (int port = 0; port < ports.size(); port++) {
      Iterator<List<Tensor>> iterator = samples.iterator();
      int count = 0;
      long elements = 0;
      float first = Float.NaN;
      boolean same = true;
      while (same && count < FIRST && iterator.hasNext()) {
        Tensor tensor = iterator.next().get(port);
        float[] numbers = tensor.type().isFloat() ? tensor.floats() : new float[0];
        for (float number : numbers) {
          first = elements++ == 0 ? number : first;
          same &= number == first;
        }
        count++;
      }
      if (same && elements > 1) {
        to.println(
            "thimble: WARNING: every number of input '"
                + ports.get(port).value().name()
                + "' is "
                + first
                + (count < FIRST ? " in all samples" : " in the first " + FIRST + " samples")
                + "; ranges after them are of no use for others");
      }
    }
  }
}
