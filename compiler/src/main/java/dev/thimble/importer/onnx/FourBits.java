package dev.thimble.importer.onnx;

import java.util.Set;

/**
 * Constants of int4 and uint4, which are held as bytes. A dequantisation and whatever only moves
 * them computes the same of either; what else reads them could take them for bytes.
 */
final class FourBits {
  private static final Set<String> MOVES =
      Set.of("Identity", "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze");

  private FourBits() {}

  /** Refuses nodes that would take elements of 4 bits for bytes. */
  static void require(OnnxNode node) {
    String op = node.proto().getOpType();
    if (op.equals("DequantizeLinear") || MOVES.contains(op)) {
      return;
    }
    for (int i = 0; i < node.inputs(); i++) {
      if (node.has(i) && isFourBits(node, node.proto().getInput(i))) {
        throw new UnsupportedNode(
            "elements of 4 bits in " + Source.quoted(node.proto().getInput(i)),
            "constants of 4 bits that DequantizeLinear takes");
      }
    }
  }

  /** Remembers that what was moved still has 4 bits. */
  static void pass(OnnxNode node) {
    boolean moved =
        MOVES.contains(node.proto().getOpType()) && isFourBits(node, node.proto().getInput(0));
    if (moved
        && node.scope().find(node.proto().getOutput(0)).orElseThrow()
            instanceof Operand.Dense dense) {
      node.model().fourBits().add(dense.tensor().value());
    }
  }

  private static boolean isFourBits(OnnxNode node, String name) {
    return node.scope().find(name).orElse(null) instanceof Operand.Dense dense
        && node.model().fourBits().contains(dense.tensor().value());
  }
}
