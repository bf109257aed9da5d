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
  /** Of so many classes the area under the curve is measured. */
  private static final int RANKED = 16;

  /** Of so many samples scores are kept for ranking; of more there is no area or order. */
  private static final int KEPT = 1 << 18;

  private final int top;
  private final ScoreKind kind;
  private final List<Metric> metrics;
  private final List<Ranking> rankings = new ArrayList<>();
  private final Ranking wantedErrors = new Ranking();
  private final List<Integer> labels = new ArrayList<>();
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
   * A count of nothing.
   *
   * @param top of how many largest scores one must be the label's to count in {@code top_}
   * @param kind what outputs say
   * @param metrics further figures, of this count alone
   */
  Accuracy(int top, ScoreKind kind, List<Metric> metrics) {
    this.top = top;
    this.kind = kind;
    this.metrics = metrics;
  }

  /**
   * Counts a sample.
   *
   * @param inputs what the outputs were computed of
   * @param label its class, or -1 where there is none
   * @param reference the outputs of what this is compared with, or nothing
   */
  void add(List<Tensor> inputs, List<Tensor> outputs, int label, List<Tensor> reference) {
    double[] scores = Scores.of(outputs);
    for (Metric metric : metrics) {
      List<double[]> real = outputs.stream().map(each -> Scores.of(List.of(each))).toList();
      metric.add(new Metric.Sample(samples, inputs, real, label));
    }
    if (kind == ScoreKind.RECONSTRUCTION) {
      rank(inputs, scores, label, reference);
    } else {
      classify(outputs, scores, label);
    }
    compare(outputs, scores, reference);
    samples++;
    if (samples > KEPT) {
      rankings.clear();
      labels.clear();
    }
  }

  /** Ranks the sample by how far the outputs are off the inputs. */
  private void rank(List<Tensor> inputs, double[] scores, int label, List<Tensor> reference) {
    double[] wanted = Scores.of(inputs);
    labelled += label >= 0 ? 1 : 0;
    if (samples >= KEPT) {
      return;
    }
    if (rankings.isEmpty()) {
      rankings.add(new Ranking());
    }
    rankings.getFirst().add(Scores.squaredError(wanted, scores));
    labels.add(label);
    if (!reference.isEmpty()) {
      wantedErrors.add(Scores.squaredError(wanted, Scores.of(reference)));
    }
  }

  private void classify(List<Tensor> outputs, double[] scores, int label) {
    int found = Scores.classOf(outputs.getFirst(), scores);
    int count = outputs.getFirst().type().elements();
    classes = Math.max(classes, count);
    if (label >= 0) {
      labelled++;
      correct += found == label ? 1 : 0;
      amongTop += label < count && Scores.rank(count, scores, label) < top ? 1 : 0;
      confusion.computeIfAbsent(label, l -> new TreeMap<>()).merge(found, 1L, Long::sum);
    }
    if (label >= 0 && count <= RANKED && samples < KEPT) {
      labels.add(label);
      for (int i = 0; i < count; i++) {
        if (rankings.size() <= i) {
          rankings.add(new Ranking());
        }
        rankings.get(i).add(scores[i]);
      }
    }
  }

  private void compare(List<Tensor> outputs, double[] scores, List<Tensor> reference) {
    if (!reference.isEmpty()) {
      double[] wanted = Scores.of(reference);
      int found = Scores.classOf(outputs.getFirst(), scores);
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
    Map<String, Double> figures = new LinkedHashMap<>();
    if (labelled > 0 && classes > top) {
      figures.put("top_" + top, amongTop / (double) labelled);
    }
    if (labelled > 0 && labels.size() == samples) {
      finite(figures, "auc", area());
    }
    if (compared > 0) {
      if (kind == ScoreKind.CLASSES) {
        figures.put("agreement_with_" + against, agreeing / (double) compared);
      } else if (samples <= KEPT) {
        double order = rankings.getFirst().correlation(wantedErrors);
        finite(figures, "rank_correlation_with_" + against, order);
      }
      figures.put("identical_to_" + against, identical / (double) compared);
      figures.put("mean_squared_error", squaredError / compared);
      figures.put("largest_error", largestError);
      if (squaredError > 0 && squares > 0) {
        figures.put("snr_db", 10 * Math.log10(squares / squaredError));
      }
    }
    for (Metric metric : metrics) {
      if (figures.putIfAbsent(metric.name(), metric.value()) != null) {
        throw new IllegalArgumentException(
            "--metric: '" + metric.name() + "' is the name of another figure");
      }
    }
    boolean counted = labelled > 0 && kind == ScoreKind.CLASSES;
    return new EvaluateReport.Variant(
        counted ? correct / (double) labelled : null, samples, figures, matrix());
  }

  private static void finite(Map<String, Double> figures, String name, double value) {
    if (Double.isFinite(value)) {
      figures.put(name, value);
    }
  }

  /** The area under the curve: of class 1 if there are two, else the mean of all classes' own. */
  private double area() {
    if (rankings.size() <= 2) {
      return area(rankings.getLast(), 1);
    }
    double sum = 0;
    int present = 0;
    for (int i = 0; i < rankings.size(); i++) {
      double one = area(rankings.get(i), i);
      present += Double.isNaN(one) ? 0 : 1;
      sum += Double.isNaN(one) ? 0 : one;
    }
    return sum / present;
  }

  private double area(Ranking ranking, int label) {
    boolean[] meant = new boolean[labels.size()];
    for (int i = 0; i < meant.length; i++) {
      meant[i] = labels.get(i) == label;
    }
    return ranking.area(meant);
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
