package dev.thimble.importer.pytorch.archive;

import java.util.List;
import java.util.Optional;

/**
 * A call of an operator.
 *
 * @param index the place among the graph's nodes
 * @param target the operator, such as {@code aten.conv2d.default}; the prefix {@code torch.ops.} is
 *     dropped
 * @param inputs what is given, in order; arguments that are left out have their operator's default
 * @param python the line of Python that made the call, such as {@code net.py:12: x = self.conv(x)},
 *     if the file tells
 */
public record ExportedNode(
    int index, String target, List<Named> inputs, List<Argument> outputs, Optional<String> python) {
  public ExportedNode {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** An argument with its parameter's name. */
  public record Named(String name, Argument argument) {}

  /** The argument of this name, unless it is left out. */
  public Optional<Argument> input(String name) {
    return inputs.stream()
        .filter(input -> input.name().equals(name))
        .map(Named::argument)
        .findFirst();
  }

  /** Where the node stands, as messages name it. */
  public String place() {
    return "node " + index + " (" + Source.quoted(target).replace("'", "") + ")";
  }
}
