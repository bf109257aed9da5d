package dev.thimble;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.Program;
import dev.thimble.graph.Value;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.IoInfo;
import dev.thimble.quant.Quantized;
import dev.thimble.quant.fold.Folded;
import dev.thimble.quant.fold.Folder;
import dev.thimble.rewrite.RewriteOptions;
import dev.thimble.rewrite.Rewriter;
import dev.thimble.rewrite.Rule;
import java.util.ArrayList;
import java.util.List;

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

  /** The integers of a model, unless its import was told to leave floats. */
  public static IntegerNetwork of(ImportedModel model) {
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
    Folded folded = Folder.run(Rewriter.run(imported, rules, generous).graph());
    if (folded.nodes() == 0) {
      return new IntegerNetwork(model, List.of());
    }
    Graph graph = GraphChecker.check(folded.graph());
    return new IntegerNetwork(
        new ImportedModel(
            new Program(model.program().name(), List.of(graph)),
            model.format(),
            model.sha256(),
            ports(model.inputs(), graph.inputs()),
            ports(model.outputs(), graph.outputs()),
            model.options()),
        folded.inFloat());
  }

  private static List<IoInfo> ports(List<IoInfo> imported, List<Value> values) {
    List<IoInfo> ports = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      IoInfo before = imported.get(i);
      ports.add(new IoInfo(values.get(i), before.layout(), before.sourceShape(), before.order()));
    }
    return ports;
  }
}
