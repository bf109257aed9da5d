package dev.thimble.codegen;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Kernel;
import java.util.List;

/**
 * A call of a kernel: one C function of the program.
 *
 * @param number the function's number
 * @param nodes the nodes that the kernel serves, in the graph's order
 */
record KernelCall(int number, List<Node> nodes, Kernel kernel) {
  KernelCall {
    nodes = List.copyOf(nodes);
  }

  /** What the kernel reads at run time, in its order. */
  List<Value> operands() {
    return kernel.operands().stream().map(nodes.getFirst().inputs()::get).toList();
  }

  /** All that the kernel writes; more than one value only if its form is whole. */
  List<Value> outputs() {
    return nodes.getLast().outputs();
  }

  /** What the kernel writes. */
  Value output() {
    return nodes.getLast().output();
  }
}
