package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.ArgMax;
import dev.thimble.op.Softmax;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;

/**
 * {@code --classify}: the network answers with the index of the likeliest class. Not a rule: it
 * changes what the network computes, so it is applied to the network as imported.
 */
public final class Classify {
  private Classify() {}

  /**
   * Softmax(x) as the output becomes ArgMax(x); any other output y becomes ArgMax(y). The index is
   * int32, along the last axis, the first of equals. Softmax keeps the order of its inputs, so this
   * is the class that a comparison of probabilities finds, except where these were rounded to the
   * same number: then it is the one with the larger score.
   *
   * <p>Throws {@link IllegalArgumentException} for a network of several outputs and for an output
   * that is neither float32 nor int8 quantised per tensor, or has no axis.
   */
  public static Graph apply(Graph graph) {
    FinalNode last = FinalNode.of(graph, "--classify");
    Value scores =
        last.producer()
            .filter(node -> node.op() instanceof Softmax)
            .map(Node::input)
            .orElse(last.decided());
    TensorType type = scores.type();
    if ((!type.isFloat() && !ValueTable.describes(type)) || type.shape().rank() == 0) {
      throw new IllegalArgumentException(
          "--classify needs scores of float32, or of int8 with one scale and zero point, along a"
              + " last axis; output '"
              + last.output().name()
              + "' has type "
              + type.dtype().reportName()
              + type.shape());
    }
    int[] dims = type.shape().dims();
    Shape shape = Shape.of(Arrays.copyOf(dims, dims.length - 1));
    return last.decidedBy(new ArgMax(), scores, TensorType.of(DType.INT32, shape));
  }
}
