package dev.thimble.quant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.Perceptron;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Networks trained on time series and on gestures lose at most half a point by int8. */
class DatasetLossTest {
  private static final String SETS = "cases/06_datasets/";
  private static final int WINDOW = 100;
  private static final int STEP = 20;
  private static final int AXES = 3;
  private static final int HEADER = 10;

  /** Samples and their classes. */
  private record Set(List<float[]> samples, List<Integer> labels) {
    Set() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    void add(float[] sample, int label) {
      samples.add(sample);
      labels.add(label);
    }

    List<List<Tensor>> tensors() {
      return samples.stream()
          .map(each -> List.of(Tensor.ofFloats(TensorType.float32(1, each.length), each)))
          .toList();
    }
  }

  @Test
  void aNetworkOfPowerDemandsLosesAtMostHalfAPoint() throws IOException {
    requireNoLoss(
        "ItalyPowerDemand", series("ItalyPowerDemand_TRAIN"), series("ItalyPowerDemand_TEST"));
  }

  @Test
  @Tag("long")
  void aNetworkOfMotionsLosesAtMostHalfAPoint() throws IOException {
    requireNoLoss(
        "BasicMotions",
        windows(series("BasicMotions_TRAIN"), 6),
        windows(series("BasicMotions_TEST"), 6));
  }

  @Test
  @Tag("long")
  void aNetworkOfGesturesLosesAtMostHalfAPoint() throws IOException {
    Set train = new Set();
    Set test = new Set();
    Map<String, Integer> seen = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(Shared.require(SETS + "gestures"))) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName()).replaceAll(".*_|\\.npy", "");
        int count = seen.merge(name, 1, Integer::sum);
        int label = List.copyOf(seen.keySet()).indexOf(name);
        gestures(file, label, count % 3 == 0 ? test : train);
      }
    }
    requireNoLoss("gestures", train, test);
  }

  private static void requireNoLoss(String name, Set train, Set test) {
    int classes = train.labels().stream().mapToInt(label -> label + 1).max().orElseThrow();
    Graph graph = Perceptron.train(train.samples(), train.labels(), classes);
    QuantizationResult result =
        PostTraining.run(graph, train.tensors(), QuantizeSettings.DEFAULTS, SampleListener.NONE);
    assertThat(result.network().inFloat()).isEmpty();
    int real = correct(graph, test);
    int stored = correct(result.network().graph(), test);
    int count = test.labels().size();
    System.err.println(name + ": float " + real + " int8 " + stored + " of " + count);
    assertThat(real).isGreaterThan(count / 2);
    assertThat(stored).isGreaterThanOrEqualTo((int) Math.ceil(real - 0.005 * count));
  }

  private static int correct(Graph graph, Set test) {
    int correct = 0;
    List<List<Tensor>> tensors = test.tensors();
    for (int i = 0; i < tensors.size(); i++) {
      Map<Value, Tensor> values = NetworkLoss.values(graph, tensors.get(i));
      float[] scores =
          NetworkLoss.real(Objects.requireNonNull(values.get(graph.outputs().getFirst())));
      int best = 0;
      for (int c = 1; c < scores.length; c++) {
        best = scores[c] > scores[best] ? c : best;
      }
      correct += best == test.labels().get(i) ? 1 : 0;
    }
    return correct;
  }

  /** A set in the text format of the UCR archive: dimensions and the class, apart by colons. */
  private static Set series(String name) throws IOException {
    Set set = new Set();
    List<String> classes = new ArrayList<>();
    for (String line : Files.readAllLines(Shared.require(SETS + "timeseries/" + name + ".ts"))) {
      if (line.startsWith("@classLabel")) {
        classes.addAll(List.of(line.strip().split(" ")).subList(2, line.strip().split(" ").length));
      }
      if (line.isBlank() || line.startsWith("@") || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.strip().split(":");
      List<Float> numbers = new ArrayList<>();
      for (int i = 0; i + 1 < parts.length; i++) {
        Stream.of(parts[i].split(",")).map(Float::valueOf).forEach(numbers::add);
      }
      float[] sample = new float[numbers.size()];
      for (int i = 0; i < sample.length; i++) {
        sample[i] = numbers.get(i);
      }
      set.add(sample, classes.indexOf(parts[parts.length - 1]));
    }
    return set;
  }

  /** Windows of half the length of series whose dimensions lie one behind the other. */
  private static Set windows(Set whole, int dimensions) {
    Set set = new Set();
    for (int s = 0; s < whole.samples().size(); s++) {
      float[] series = whole.samples().get(s);
      int length = series.length / dimensions;
      for (int at = 0; at + length / 2 <= length; at += length / 10) {
        float[] sample = new float[length / 2 * dimensions];
        for (int i = 0; i < sample.length; i++) {
          sample[i] = series[i / (length / 2) * length + at + i % (length / 2)];
        }
        set.add(sample, whole.labels().get(s));
      }
    }
    return set;
  }

  /** Windows of a recording of int16, [time, axis], as multiples of 4096. */
  private static void gestures(Path file, int label, Set set) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int start = HEADER + bytes.getShort(HEADER - 2);
    int count = (bytes.capacity() - start) / 2 / AXES;
    for (int at = 0; at + WINDOW <= count; at += STEP) {
      float[] sample = new float[WINDOW * AXES];
      for (int i = 0; i < sample.length; i++) {
        sample[i] = bytes.getShort(start + 2 * (at * AXES + i)) / 4096f;
      }
      set.add(sample, label);
    }
  }
}
