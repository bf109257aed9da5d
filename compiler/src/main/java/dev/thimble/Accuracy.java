package dev.thimble;

import dev.thimble.report.EvaluateReport;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts how well one way of computing a network does, sample by sample. */
final class Accuracy {
  private static final int TOP = 5;

  private long samples;
  private long labelled;
  private long correct;
  private long amongTop;
  private long agreeing;
  private long compared;
  private long identical;
  private double squaredError;
  private double squares;
  private double largestError;
  private int classes;
  private final Map<Integer, Map<Integer, Long>> confusion = new TreeMap<>();

  /**
   * Counts a sample.
   *
   * @param label its class, or -1 where there is none
   * @param reference the outputs of what this is compared with, or nothing
   */
  void add(List<Tensor> outputs, int label, List<Tensor> reference) {
    double[] scores = Scores.of(outputs);
    int found = Scores.classOf(outputs.getFirst(), scores);
    classes = Math.max(classes, outputs.getFirst().type().elements());
    samples++;
    if (label >= 0) {
      labelled++;
      correct += found == label ? 1 : 0;
      int count = outputs.getFirst().type().elements();
      amongTop += label < count && Scores.rank(count, scores, label) < TOP ? 1 : 0;
      confusion.computeIfAbsent(label, l -> new TreeMap<>()).merge(found, 1L, Long::sum);
    }
    if (!reference.isEmpty()) {
      double[] wanted = Scores.of(reference);
      compared++;
      agreeing += Scores.classOf(reference.getFirst(), wanted) == found ? 1 : 0;
      identical += Arrays.equals(scores, wanted) ? 1 : 0;
      for (int i = 0; i < scores.length; i++) {
        double error = scores[i] - wanted[i];
        squaredError += error * error / scores.length;
        squares += wanted[i] * wanted[i] / scores.length;
        largestError = Math.max(largestError, Math.abs(error));
      }
    }
  }

  /** The figures; {@code against} names what the outputs were compared with. */
  EvaluateReport.Variant report(String against) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    if (labelled > 0 && classes > TOP) {
      metrics.put("top_" + TOP, amongTop / (double) labelled);
    }
    if (compared > 0) {
      metrics.put("agreement_with_" + against, agreeing / (double) compared);
      metrics.put("identical_to_" + against, identical / (double) compared);
      metrics.put("mean_squared_error", squaredError / compared);
      metrics.put("largest_error", largestError);
      if (squaredError > 0 && squares > 0) {
        metrics.put("snr_db", 10 * Math.log10(squares / squaredError));
      }
    }
    return new EvaluateReport.Variant(
        labelled > 0 ? correct / (double) labelled : null, samples, metrics, matrix());
  }

  private List<List<Long>> matrix() {
    int size = 0;
    for (Map.Entry<Integer, Map<Integer, Long>> row : confusion.entrySet()) {
      size = Math.max(size, row.getKey() + 1);
      for (int found : row.getValue().keySet()) {
        size = Math.max(size, found + 1);
      }
    }
    List<List<Long>> matrix = new ArrayList<>();
    for (int label = 0; label < size; label++) {
      Map<Integer, Long> row = confusion.getOrDefault(label, Map.of());
      List<Long> counts = new ArrayList<>();
      for (int found = 0; found < size; found++) {
        counts.add(row.getOrDefault(found, 0L));
      }
      matrix.add(counts);
    }
    return matrix;
  }
}
