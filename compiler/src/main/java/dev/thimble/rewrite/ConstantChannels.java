package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Reshape;
import java.util.List;
import java.util.Optional;

/**
 * Removes channels whose maps do not depend on the graph's inputs, and channels that nothing reads.
 * Training leaves many: a filter that became zero makes its channel a constant, and every node
 * behind it computes constants from it. A convolution or a fully connected node takes what such a
 * channel contributes into its bias.
 */
final class ConstantChannels {
  static final List<Rule> RULES =
      List.of(Rule.ofGraph("constant-channels", ConstantChannels::remove));

  private ConstantChannels() {}

  /**
   * Values with constant or unread channels become values without them; a value that is constant
   * altogether becomes a constant. Counts channels. Int8 only.
   */
  static Optional<Rewrite> remove(Graph graph, RewriteOptions options) {
    ChannelKnowledge knowledge = ChannelKnowledge.of(graph, options.rounding());
    Optional<Rewrite> folded = foldWhole(graph, knowledge, options);
    if (folded.isPresent()) {
      return folded;
    }
    ChannelSlices slices = new ChannelSlices(graph, new ChannelRemoval(graph, knowledge));
    return slices.removed() == 0 ? Optional.empty() : Optional.of(slices.rewrite());
  }

  private static Optional<Rewrite> foldWhole(
      Graph graph, ChannelKnowledge knowledge, RewriteOptions options) {
    GraphEdit edit = new GraphEdit(graph);
    int count = 0;
    for (Node node : graph.nodes()) {
      Value output = node.output();
      KnownChannels known = knowledge.of(output);
      boolean isNeeded =
          graph.isOutput(output)
              || graph.readers(output).stream()
                  .anyMatch(reader -> !knowledge.of(reader.output()).isAllKnown());
      if (known.isAllKnown()
          && isNeeded
          && output.type().bytes() <= options.growthLimit()
          && !(node.op() instanceof Reshape && graph.isOutput(output))) {
        edit.remove(node).constant(output, known.all());
        count += known.channels();
      }
    }
    return count == 0 ? Optional.empty() : Optional.of(edit.rewrite(count));
  }
}
