package dev.thimble.peers;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Seeds;
import dev.thimble.report.Json;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Times the runtimes in turns, on one thread, and prints a JSON document to stdout. Arguments: for
 * each network {@code NAME}, its {@code .tflite} file, and the {@code .onnx} file of the same
 * network or {@code -}.
 */
public final class HostTimings {
  private static final int ROUNDS = 40;
  private static final long ROUND_NANOS = 5_000_000;

  /**
   * One network.
   *
   * @param generated µs of one inference of the generated C: the median of all turns, as for all
   * @param builtin with the kernels of TensorFlow Lite itself
   * @param onnx null where the network is not there as ONNX
   * @param equal whether the generated C computes what TensorFlow Lite does
   */
  public record Row(
      String model,
      double generated,
      double builtin,
      double xnnpack,
      @Nullable Double onnx,
      boolean equal) {}

  /** All networks. */
  public record Report(List<Row> rows) {
    public Report {
      rows = List.copyOf(rows);
    }
  }

  private HostTimings() {}

  /** Prints the timings; see the class. */
  public static void main(String[] args) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i + 2 < args.length; i += 3) {
      rows.add(time(args[i], Path.of(args[i + 1]), args[i + 2]));
    }
    System.out.print(Json.write(new Report(rows)));
  }

  private static Row time(String name, Path file, String onnx) throws IOException {
    ImportedModel model = ModelImporter.read(file);
    List<Tensor> sample = Seeds.sample(1, model.program().entry().inputs());
    List<byte[]> inputs = sample.stream().map(TensorBytes::of).toList();
    try (GeneratedC generated = new GeneratedC(model);
        TfLite builtin = TfLite.builtin(file);
        TfLite xnnpack = TfLite.xnnpack(file)) {
      List<Runner> runners = new ArrayList<>(List.of(generated, builtin, xnnpack));
      List<List<byte[]>> given = new ArrayList<>(List.of(inputs, inputs, inputs));
      if (!onnx.equals("-")) {
        OnnxRuntime peer = new OnnxRuntime(Path.of(onnx), OptLevel.ALL_OPT);
        runners.add(peer);
        given.add(peer.inputBytes().stream().map(byte[]::new).toList());
      }
      double[] micros = medians(runners, given);
      boolean equal = equal(generated, builtin, inputs);
      if (runners.size() > 3) {
        runners.getLast().close();
      }
      return new Row(
          name, micros[0], micros[1], micros[2], runners.size() > 3 ? micros[3] : null, equal);
    }
  }

  /** The generated program may destroy its input, so both are given it anew. */
  private static boolean equal(Runner one, Runner other, List<byte[]> inputs) {
    List<List<byte[]>> outputs = new ArrayList<>();
    for (Runner runner : List.of(one, other)) {
      runner.inputs(inputs);
      runner.run();
      outputs.add(runner.outputs());
    }
    boolean equal = true;
    for (int i = 0; i < outputs.getFirst().size(); i++) {
      equal &= Arrays.equals(outputs.get(0).get(i), outputs.get(1).get(i));
    }
    return equal;
  }

  private static double[] medians(List<Runner> runners, List<List<byte[]>> inputs) {
    double[][] turns = new double[runners.size()][ROUNDS];
    long[] repetitions = new long[runners.size()];
    for (int i = 0; i < repetitions.length; i++) {
      runners.get(i).inputs(inputs.get(i));
      repetitions[i] = Math.max(1, ROUND_NANOS / Math.max(1, turn(runners.get(i), 3)));
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < repetitions.length; i++) {
        turns[i][round] = turn(runners.get(i), repetitions[i]) / 1_000.0;
      }
    }
    return Arrays.stream(turns)
        .mapToDouble(times -> Arrays.stream(times).sorted().skip(ROUNDS / 2).findFirst().orElse(0))
        .toArray();
  }

  /** Nanoseconds of one inference. */
  private static long turn(Runner runner, long repetitions) {
    long start = System.nanoTime();
    for (long i = 0; i < repetitions; i++) {
      runner.run();
    }
    return (System.nanoTime() - start) / repetitions;
  }
}
