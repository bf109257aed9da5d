package dev.thimble;

import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.importer.data.Samples;
import dev.thimble.op.Rounding;
import dev.thimble.report.EvaluateReport;
import dev.thimble.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Measures a network on samples: as floats, as quantised, and as the generated program computes it.
 * Samples are worked on in blocks, so that only a block is in memory; the samples of a block run in
 * parallel, and what they give is counted in their order.
 */
public final class Evaluation {
  private static final int BLOCK = 256;

  private final Optional<Graph> floats;
  private final Optional<Graph> quantized;
  private final Rounding rounding;
  private final Program program;
  private final Map<String, Accuracy> counts = new LinkedHashMap<>();

  /**
   * What is counted of each way of computing the network.
   *
   * @param top of how many largest scores one must be the label's
   * @param metrics makes further figures, new ones each time
   */
  public record Judgement(int top, ScoreKind kind, Supplier<List<Metric>> metrics) {
    /** The usual figures. */
    public static final Judgement DEFAULTS = new Judgement(5, ScoreKind.CLASSES, List::of);

    private Accuracy count() {
      return new Accuracy(top, kind, metrics.get());
    }
  }

  /** A generated program, run for several samples at a time. */
  @FunctionalInterface
  public interface Program {
    /** The outputs of each sample. */
    List<List<Tensor>> run(List<List<Tensor>> samples) throws IOException;
  }

  /**
   * An evaluation.
   *
   * @param floats the float network, if there is one
   * @param quantized the quantised network, if there is one
   * @param program what was generated of the quantised network, or else of the float one
   * @param judgement what is counted
   */
  public Evaluation(
      Optional<Graph> floats,
      Optional<Graph> quantized,
      Rounding rounding,
      Program program,
      Judgement judgement) {
    this.floats = floats;
    this.quantized = quantized;
    this.rounding = rounding;
    this.program = program;
    floats.ifPresent(g -> counts.put("float", judgement.count()));
    quantized.ifPresent(g -> counts.put("quantized", judgement.count()));
    counts.put("c", judgement.count());
  }

  /**
   * Goes through the samples.
   *
   * @param labels the class of each sample, or nothing
   * @param limit the number of samples to stop after
   * @param progress is run after each sample
   * @throws IllegalArgumentException when there are no samples, or not as many as labels
   */
  public Map<String, EvaluateReport.Variant> run(
      Iterable<List<Tensor>> samples, List<Integer> labels, long limit, Runnable progress)
      throws IOException {
    Iterator<List<Tensor>> iterator = samples.iterator();
    int done = 0;
    while (iterator.hasNext() && done < limit) {
      List<List<Tensor>> block = new ArrayList<>();
      while (iterator.hasNext() && block.size() < BLOCK && done + block.size() < limit) {
        block.add(iterator.next());
      }
      if (!labels.isEmpty() && done + block.size() > labels.size()) {
        throw new IllegalArgumentException(
            "there are more samples than labels, of which there are " + labels.size());
      }
      add(block, done, labels, progress);
      done += block.size();
    }
    if (done == 0) {
      throw new IllegalArgumentException("there are no samples to evaluate on");
    }
    if (!labels.isEmpty() && !iterator.hasNext() && done < labels.size()) {
      throw new IllegalArgumentException(
          "there are " + labels.size() + " labels for " + done + " samples");
    }
    Map<String, EvaluateReport.Variant> reports = new LinkedHashMap<>();
    counts.forEach((name, count) ->
        reports.put(
            name, count.report(name.equals("c") && quantized.isPresent() ? "quantized" : "float")));
    return reports;
  }

  private void add(List<List<Tensor>> block, int first, List<Integer> labels, Runnable progress)
      throws IOException {
    for (int i = 0; i < block.size(); i++) {
      requireFinite(block.get(i), first + i);
    }
    Optional<List<List<Tensor>>> real = floats.map(graph -> outputs(graph, block));
    Optional<List<List<Tensor>>> stored = quantized.map(graph -> outputs(graph, block));
    Graph compiled = quantized.or(() -> floats).orElseThrow();
    List<List<Tensor>> generated =
        program.run(
            block.stream().map(sample -> Samples.stored(sample, compiled.inputs())).toList());
    for (int i = 0; i < block.size(); i++) {
      int sample = i;
      int label = labels.isEmpty() ? -1 : labels.get(first + i);
      List<Tensor> reference = real.map(all -> all.get(sample)).orElse(List.of());
      List<Tensor> inputs = block.get(i);
      real.ifPresent(all -> count("float").add(inputs, all.get(sample), label, List.of()));
      stored.ifPresent(all -> count("quantized").add(inputs, all.get(sample), label, reference));
      count("c")
          .add(
              inputs,
              generated.get(i),
              label,
              stored.map(all -> all.get(sample)).orElse(reference));
      progress.run();
    }
  }

  /** Errors of what is no number are none either, and a mean with one of them says nothing. */
  private static void requireFinite(List<Tensor> sample, int number) {
    for (Tensor input : sample) {
      float[] elements = input.type().isFloat() ? input.floats() : new float[0];
      for (int i = 0; i < elements.length; i++) {
        if (!Float.isFinite(elements[i])) {
          throw new IllegalArgumentException(
              "sample "
                  + number
                  + ": element "
                  + i
                  + " is "
                  + elements[i]
                  + "; only finite numbers are evaluated on");
        }
      }
    }
  }

  private Accuracy count(String name) {
    return Objects.requireNonNull(counts.get(name));
  }

  private List<List<Tensor>> outputs(Graph graph, List<List<Tensor>> block) {
    return IntStream.range(0, block.size())
        .parallel()
        .mapToObj(
            i -> Evaluator.outputs(graph, Samples.stored(block.get(i), graph.inputs()), rounding))
        .toList();
  }
}
