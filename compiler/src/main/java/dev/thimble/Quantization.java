package dev.thimble;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.Program;
import dev.thimble.importer.ImportedModel;
import dev.thimble.op.Quantize;
import dev.thimble.op.Requantize;
import dev.thimble.quant.FloatFilters;
import dev.thimble.quant.PostTraining;
import dev.thimble.quant.Preprocessing;
import dev.thimble.quant.QuantizationResult;
import dev.thimble.quant.QuantizeSettings;
import dev.thimble.quant.SampleListener;
import dev.thimble.quant.StoredFilters;
import dev.thimble.quant.TypeTwin;
import dev.thimble.quant.WeightFormat;
import dev.thimble.quant.WholePools;
import dev.thimble.rewrite.RewriteOptions;
import dev.thimble.rewrite.Rewriter;
import dev.thimble.tensor.Tensor;
import java.util.List;
import java.util.function.Predicate;

/**
 * The stage before the pipeline for float networks that are to be int8: makes a quantised model,
 * which is then compiled, verified and reported as if it had been imported.
 *
 * @param model the quantised model
 * @param result how it was quantised
 */
public record Quantization(ImportedModel model, QuantizationResult result) {
  /**
   * Quantises a float model.
   *
   * @param samples for each a tensor for each input; gone through several times
   * @throws IllegalArgumentException when the model is quantised already, when there are no
   *     samples, or where a number is not finite
   */
  public static Quantization of(
      ImportedModel model,
      Iterable<List<Tensor>> samples,
      QuantizeSettings settings,
      SampleListener listener) {
    Graph imported = GraphChecker.check(model.program().entry());
    if (isQuantized(model) || statesIntegers(model)) {
      throw new IllegalArgumentException(
          "'"
              + model.program().name()
              + "' is quantised already; it is compiled as it is, without --calibrate");
    }
    if (!imported.states().isEmpty()) {
      throw new IllegalArgumentException(
          "'"
              + model.program().name()
              + "' keeps states from run to run, which samples one by one do not show; it stays in"
              + " float32, without --calibrate");
    }
    QuantizationResult result =
        PostTraining.run(WholePools.asMeans(folded(imported)), samples, settings, listener);
    return new Quantization(model.with(result.network().graph()), result);
  }

  /**
   * A float model whose filters are stored with few bits; it computes with floats.
   *
   * @throws IllegalArgumentException when the model is quantised already
   */
  public static Quantization ofFilters(ImportedModel model, WeightFormat format) {
    Graph imported = GraphChecker.check(model.program().entry());
    if (isQuantized(model) || statesIntegers(model)) {
      throw new IllegalArgumentException(
          "'"
              + model.program().name()
              + "' is quantised already; give the float network for filters of few bits alone");
    }
    QuantizationResult result = StoredFilters.of(folded(imported), format);
    return new Quantization(model.with(result.network().graph()), result);
  }

  /**
   * What is folded as floats would stay a node, with a rounding of its own, behind int8. What grows
   * by being float is int8 again in the end.
   */
  private static Graph folded(Graph imported) {
    return Rewriter.run(FloatFilters.of(imported), RewriteOptions.beforeQuantizing()).graph();
  }

  /** Whether a quantised network of a float model compiles to a program within these limits. */
  public static Predicate<Graph> fits(ImportedModel model, CompileOptions options) {
    return graph -> {
      try {
        Compiler.compile(model.with(graph), options, Stage.Listener.NONE);
        return true;
      } catch (BudgetException e) {
        return false;
      }
    };
  }

  /** A float model that takes its input as it is before some preprocessing. */
  public static ImportedModel preprocessed(ImportedModel model, Preprocessing preprocessing) {
    Graph graph = preprocessing.before(GraphChecker.check(model.program().entry()));
    return model.with(GraphChecker.check(graph));
  }

  /** Whether a model states as floats between quantisations what is computed with integers. */
  private static boolean statesIntegers(ImportedModel model) {
    Program program = model.program();
    ImportedModel asIntegers =
        new ImportedModel(program, model.format(), model.sha256(), model.inputs(), model.outputs());
    // Conversions alone are those of bytes that a float network takes or keeps its filters in.
    return IntegerNetwork.of(asIntegers).model().program().entry().nodes().stream()
        .filter(node -> !(node.op() instanceof Quantize || node.op() instanceof Requantize))
        .anyMatch(node -> node.output().type().isQuantized());
  }

  /** Whether anything in a model is quantised. */
  public static boolean isQuantized(ImportedModel model) {
    return TypeTwin.isQuantized(model.program().entry());
  }
}
