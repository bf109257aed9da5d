package dev.thimble.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How well a network does on samples: what {@code evaluate --json} prints.
 *
 * @param variants by name: {@code float}, {@code quantized} and {@code c}, those that there are
 */
public record EvaluateReport(
    CompileReport.Model model,
    long samples,
    boolean labelled,
    Map<String, Variant> variants,
    CompileReport.@Nullable QuantizationRow quantization) {

  /** The report as JSON has it, with the variants by their names. */
  public Map<String, @Nullable Object> fields() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("model", model);
    fields.put("samples", samples);
    fields.put("labelled", labelled);
    for (String name : List.of("float", "quantized", "c")) {
      fields.put(name, variants.get(name));
    }
    fields.put("quantization", quantization);
    return fields;
  }

  /**
   * One way of computing the network.
   *
   * @param accuracy the part of the samples whose largest score is the label's; null without labels
   * @param metrics more figures, by name
   * @param confusion for each label, how often each class was found; empty without labels
   */
  public record Variant(
      @Nullable Double accuracy,
      long samples,
      Map<String, Double> metrics,
      List<List<Long>> confusion) {
    public Variant {
      confusion = List.copyOf(confusion);
    }
  }
}
