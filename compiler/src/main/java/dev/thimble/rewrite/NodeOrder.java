package dev.thimble.rewrite;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts nodes in an order in which every value is computed before it is read. */
final class NodeOrder {
  private NodeOrder() {}

  /**
   * The nodes in their given order, except that a node moves up to before its first reader. Nodes
   * that read each other in a circle come out in some order, which the graph's checker refuses.
   */
  static List<Node> readable(List<Node> nodes) {
    Set<Value> readBefore = new HashSet<>();
    for (Node node : nodes) {
      readBefore.addAll(node.inputs());
      if (node.outputs().stream().anyMatch(readBefore::contains)) {
        return sorted(nodes);
      }
    }
    return nodes;
  }

  private static List<Node> sorted(List<Node> nodes) {
    Map<Value, Node> producers = new HashMap<>();
    nodes.forEach(node -> node.outputs().forEach(output -> producers.put(output, node)));
    List<Node> ordered = new ArrayList<>(nodes.size());
    Set<Node> visited = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Value> computed = new HashSet<>();
    Deque<Node> pending = new ArrayDeque<>();
    for (Node node : nodes) {
      pending.push(node);
      while (!pending.isEmpty()) {
        Node next = pending.peek();
        if (visited.add(next)) {
          next.inputs().reversed().stream()
              .map(producers::get)
              .filter(producer -> producer != null && !visited.contains(producer))
              .forEach(pending::push);
        } else {
          pending.pop();
          if (computed.add(next.output())) {
            ordered.add(next);
          }
        }
      }
    }
    return ordered;
  }
}
