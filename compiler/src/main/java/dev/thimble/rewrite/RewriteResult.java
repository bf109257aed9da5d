package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import java.util.List;

/** The rewritten graph and how often each rule applied, all rules in their order. */
public record RewriteResult(Graph graph, List<RuleCount> counts) {
  public RewriteResult {
    counts = List.copyOf(counts);
  }

  /** The count of one rule; throws {@link IllegalArgumentException} when it did not take part. */
  public int count(String rule) {
    return counts.stream()
        .filter(each -> each.rule().equals(rule))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no rule '" + rule + "'"))
        .count();
  }
}
