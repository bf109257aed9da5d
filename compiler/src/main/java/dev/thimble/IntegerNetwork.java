package dev.thimble;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.importer.ImportedModel;
import dev.thimble.op.Rounding;
import dev.thimble.quant.Quantized;
import dev.thimble.quant.fold.Folded;
import dev.thimble.quant.fold.Folder;
import dev.thimble.quant.fold.IntegerSums;
import dev.thimble.rewrite.RewriteOptions;
import dev.thimble.rewrite.Rewriter;
import dev.thimble.rewrite.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The stage before the pipeline for networks that were quantised elsewhere and whose files state
 * them as floats between quantisations: ONNX's QDQ and quantised operators, QONNX, PyTorch's PT2E.
 * Makes a model of integers, which is then compiled, verified and reported as if it had been
 * imported.
 *
 * @param model the model of integers, or the imported one where nothing in it can be
 * @param inFloat the nodes between integers that are still computed in float32, and why
 */
public record IntegerNetwork(ImportedModel model, List<Quantized.InFloat> inFloat) {
  public IntegerNetwork {
    inFloat = List.copyOf(inFloat);
  }

  /** The integers of a model for single rounding, unless its import was told to leave floats. */
  public static IntegerNetwork of(ImportedModel model) {
    return of(model, Rounding.SINGLE);
  }

  /** The same for a rounding; with double rounding, biases are rounded to whole steps of sums. */
  public static IntegerNetwork of(ImportedModel model, Rounding rounding) {
    Graph imported = GraphChecker.check(model.program().entry());
    if (model.options().roundsFloats()
        || Quantization.isQuantized(model)
        || !Folder.mayFold(imported)) {
      return new IntegerNetwork(model, List.of());
    }
    // A scale or clamp of floats that a filter takes in would otherwise be a node of int8.
    RewriteOptions generous = RewriteOptions.beforeQuantizing();
    // A clamp stays a node, lest it become part of a dequantisation.
    List<Rule> rules =
        Rewriter.standard().stream()
            .filter(rule -> !rule.name().equals("activation-folding"))
            .toList();
    Graph spelled = Rewriter.run(imported, rules, generous).graph();
    Folded folded = folded(spelled, rules, generous, rounding);
    List<Quantized.InFloat> inFloat = new ArrayList<>(folded.inFloat());
    inFloat.addAll(IntegerSums.left(folded.graph()));
    if (folded.nodes() == 0) {
      return new IntegerNetwork(model, inFloat);
    }
    Graph graph = GraphChecker.check(folded.graph());
    return new IntegerNetwork(model.with(graph), inFloat);
  }

  /**
   * The network with integers, also of sums that the file takes of plain integers. Those of which
   * no int8 node can be made stay as the file has them: as floats they would only be larger.
   */
  private static Folded folded(
      Graph imported, List<Rule> rules, RewriteOptions options, Rounding rounding) {
    Set<String> kept = new HashSet<>();
    while (true) {
      IntegerSums.Spelled sums = IntegerSums.spell(imported, kept);
      Graph graph =
          sums.ends().isEmpty() ? imported : Rewriter.run(sums.graph(), rules, options).graph();
      Folded folded = Folder.run(graph, rounding);
      if (!kept.addAll(IntegerSums.unfolded(folded.graph(), sums.ends()))) {
        return folded;
      }
    }
  }
}
