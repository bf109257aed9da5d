package dev.thimble.importer.pytorch;

import dev.thimble.importer.pytorch.archive.Argument;
import dev.thimble.importer.pytorch.archive.ExportedNode;
import dev.thimble.importer.pytorch.archive.ExportedOutput;
import dev.thimble.importer.pytorch.archive.ExportedProgram;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which values of the file may lie in the same memory. Arithmetic in place changes all of them;
 * Thimble's values never change, so a value under its old name must not be read through another.
 */
final class Aliases {
  /** Operators whose result may lie in the memory of their first operand. */
  private static final Set<String> VIEWS =
      Set.of(
          "alias",
          "broadcast_to",
          "chunk",
          "contiguous",
          "detach",
          "dropout",
          "expand",
          "expand_as",
          "feature_dropout",
          "flatten",
          "mT",
          "narrow",
          "permute",
          "reshape",
          "select",
          "slice",
          "split",
          "split_with_sizes",
          "squeeze",
          "t",
          "tensor_split",
          "to",
          "swapaxes",
          "swapdims",
          "movedim",
          "moveaxis",
          "transpose",
          "type_as",
          "unbind",
          "unflatten",
          "unsqueeze",
          "view",
          "view_as");

  private final Map<String, String> roots = new HashMap<>();
  private final Map<String, Integer> lastRead = new HashMap<>();

  Aliases(ExportedProgram program) {
    for (ExportedNode node : program.nodes()) {
      for (ExportedNode.Named input : node.inputs()) {
        names(input.argument()).forEach(name -> lastRead.put(name, node.index()));
      }
    }
    for (ExportedOutput output : program.outputs()) {
      if (output instanceof ExportedOutput.User(Argument argument)) {
        names(argument).forEach(name -> lastRead.put(name, program.nodes().size()));
      }
    }
  }

  private static List<String> names(Argument argument) {
    return switch (argument) {
      case Argument.Tensor(String name) -> List.of(name);
      case Argument.Tensors(List<Optional<String>> names) ->
          names.stream().flatMap(Optional::stream).toList();
      default -> List.of();
    };
  }

  /** Notes what a node's results may share. */
  void note(ExportedNode node, String operator) {
    boolean inPlace = operator.endsWith("_");
    if (node.inputs().isEmpty() || (!inPlace && !VIEWS.contains(operator))) {
      return;
    }
    for (String operand : names(node.inputs().getFirst().argument())) {
      for (Argument output : node.outputs()) {
        names(output).forEach(name -> roots.put(name, root(operand)));
      }
    }
  }

  private String root(String value) {
    return roots.getOrDefault(value, value);
  }

  /** A value that shares memory with this one and is read behind the node, if there is one. */
  Optional<String> readLater(String value, ExportedNode node) {
    String root = root(value);
    return lastRead.entrySet().stream()
        .filter(entry -> entry.getValue() > node.index())
        .map(Map.Entry::getKey)
        .filter(name -> !name.equals(value) && root(name).equals(root))
        .sorted()
        .findFirst();
  }
}
