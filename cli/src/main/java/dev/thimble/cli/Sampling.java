package dev.thimble.cli;

import dev.thimble.graph.Value;
import dev.thimble.importer.IoInfo;
import dev.thimble.importer.data.Samples;
import dev.thimble.importer.data.Seeds;
import dev.thimble.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what a network is fed with. */
final class Sampling {
  // Samples are held all at once, at four bytes an element.
  private static final long MAX_ELEMENTS = 1L << 27;

  @Option(
      names = "--inputs",
      paramLabel = "DATA",
      description = {
        ".npy, .npz, raw .bin, or a folder of them or of images or WAV files.",
        "For several inputs NAME=DATA, repeated."
      })
  private @Nullable List<String> inputs;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Samples 1 to N of the documented generator.")
  private @Nullable Integer seeds;

  /** The files and folders of samples. */
  List<Path> files() {
    return DataPaths.files(inputs);
  }

  boolean given() {
    return inputs != null || seeds != null;
  }

  /**
   * The samples; {@code fallback} generated ones where neither option is given. For a network that
   * was quantised here, data are what the float network takes.
   */
  List<List<Tensor>> read(List<IoInfo> ports, int fallback, QuantizeArguments quantizing) {
    List<List<Tensor>> samples = new ArrayList<>();
    if (inputs != null) {
      List<Value> stored = ports.stream().map(IoInfo::value).toList();
      for (List<Tensor> sample :
          Samples.readSource(inputs, quantizing.sourcePorts(ports), quantizing.images())) {
        samples.add(Samples.stored(sample, stored));
      }
    }
    int count = seeds != null ? seeds : inputs == null ? fallback : 0;
    if (seeds != null && seeds < 1) {
      throw new IllegalArgumentException("--seeds must be >= 1, was " + seeds);
    }
    long elements = ports.stream().mapToLong(port -> port.value().type().elements()).sum();
    if (elements * count > MAX_ELEMENTS) {
      throw new IllegalArgumentException(
          "--seeds " + count + " is more than memory holds; at most " + MAX_ELEMENTS / elements);
    }
    for (int seed = 1; seed <= count; seed++) {
      samples.add(Seeds.sampleSource(seed, ports));
    }
    return samples;
  }
}
