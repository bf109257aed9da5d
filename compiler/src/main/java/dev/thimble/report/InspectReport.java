package dev.thimble.report;

import dev.thimble.quant.QuantizationLoss;
import dev.thimble.report.picture.ArenaPicture;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code inspect --json} prints: the network as imported, before any rewrite.
 *
 * @param parameters elements of all constants
 * @param constantBytes bytes of all constants
 * @param memory the arena of each memory strategy, after the rewrites; empty where nodes are
 *     unsupported
 * @param unsupported the nodes that cannot be compiled, one line each
 * @param inFloat the nodes between integers that are computed in float32; empty where there are no
 *     integers
 * @param picture the plan that a compilation would take, where it was asked for and can be made
 * @param loss where quantisation loses what, where it was asked for
 */
public record InspectReport(
    CompileReport.Model model,
    List<CompileReport.Port> inputs,
    List<CompileReport.Port> outputs,
    long macs,
    long parameters,
    long constantBytes,
    List<NodeRow> nodes,
    List<CompileReport.Alternative> memory,
    List<String> unsupported,
    List<CompileReport.InFloat> inFloat,
    @Nullable ArenaPicture picture,
    @Nullable QuantizationLoss loss) {
  public InspectReport {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    nodes = List.copyOf(nodes);
    memory = List.copyOf(memory);
    unsupported = List.copyOf(unsupported);
    inFloat = List.copyOf(inFloat);
  }

  /** The report, with these nodes in float32. */
  public InspectReport withInFloat(List<CompileReport.InFloat> nodesInFloat) {
    return new InspectReport(
        model,
        inputs,
        outputs,
        macs,
        parameters,
        constantBytes,
        nodes,
        memory,
        unsupported,
        nodesInFloat,
        picture,
        loss);
  }

  /** The report with what quantisation loses. */
  public InspectReport withLoss(QuantizationLoss found) {
    return new InspectReport(
        model,
        inputs,
        outputs,
        macs,
        parameters,
        constantBytes,
        nodes,
        memory,
        unsupported,
        inFloat,
        picture,
        found);
  }

  /** A node of the network: its attributes and its output, as graph text has them. */
  public record NodeRow(
      String name,
      String op,
      String attributes,
      List<Integer> outputShape,
      String quantization,
      long macs) {}
}
