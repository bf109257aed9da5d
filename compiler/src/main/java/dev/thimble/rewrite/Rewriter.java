package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.GraphException;
import dev.thimble.graph.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The engine: applies rules until none applies any more. A rule is tried only when no rule before
 * it in the list applies, so cheap rules stand first and the channel analysis last.
 */
public final class Rewriter {
  private final List<Rule> rules;
  private final RewriteOptions options;
  private final int[] counts;
  private Graph graph;
  private int steps;

  private Rewriter(Graph graph, List<Rule> rules, RewriteOptions options) {
    this.graph = graph;
    this.rules = rules;
    this.options = options;
    this.counts = new int[rules.size()];
  }

  /** The rules that every compilation applies, in the order in which reports list them. */
  public static List<Rule> standard() {
    return Stream.of(
            ConstantFolding.RULES,
            Identities.RULES,
            QuantizePairs.RULES,
            ActivationSpelling.RULES,
            LayerNormSpelling.RULES,
            ScaleFolding.RULES,
            ActivationFolding.RULES,
            PadFolding.RULES,
            Reshapes.RULES,
            Transposes.RULES,
            CommonSubexpressions.RULES,
            DeadCode.RULES,
            ConstantChannels.RULES)
        .flatMap(List::stream)
        .toList();
  }

  /** {@link #run(Graph, List, RewriteOptions)} with the {@link #standard()} rules. */
  public static RewriteResult run(Graph graph, RewriteOptions options) {
    return run(graph, standard(), options);
  }

  /**
   * The graph after every rule has applied wherever it does. Throws {@link RewriteException},
   * naming the rule, when the step limit is reached or a rule leaves the graph ill-formed.
   */
  public static RewriteResult run(Graph graph, List<Rule> rules, RewriteOptions options) {
    return new Rewriter(graph, List.copyOf(rules), options).run();
  }

  private RewriteResult run() {
    int at = 0;
    while (at < rules.size()) {
      int before = counts[at];
      sweep(at);
      at = counts[at] == before ? at + 1 : 0;
    }
    List<RuleCount> result = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      result.add(new RuleCount(rules.get(i).name(), counts[i]));
    }
    return new RewriteResult(graph, result);
  }

  private void sweep(int index) {
    Graph before = graph;
    switch (rules.get(index)) {
      case Rule.OfGraph rule -> {
        Optional<Rewrite> rewrite = rule.step().apply(graph, options);
        if (rewrite.isPresent()) {
          step(index, rewrite.get().count());
          graph = rewrite.get().graph();
        }
      }
      case Rule.OfNode rule -> {
        int untried;
        do {
          untried = sweepNodes(index, rule);
        } while (untried > 0);
      }
    }
    if (graph != before) {
      check(rules.get(index));
    }
  }

  /**
   * Makes the changes of one rule that are apart from each other at once, since a new graph for
   * each would cost the square of the number of nodes. Returns how many changes were left for the
   * next time, being too near to others.
   */
  private int sweepNodes(int index, Rule.OfNode rule) {
    GraphEdit all = new GraphEdit(graph);
    Set<Node> taken = Collections.newSetFromMap(new IdentityHashMap<>());
    int untried = 0;
    Set<Node> kept =
        rule.exact() || !options.keepRounded() ? Set.of() : RoundedFloats.feeding(graph);
    for (Node node : graph.nodes()) {
      if (kept.contains(node)) {
        continue;
      }
      Optional<GraphEdit> edit = rule.step().apply(graph, node, options);
      if (edit.isPresent()) {
        Set<Node> near = edit.get().surroundings();
        if (Collections.disjoint(taken, near)) {
          step(index, 1);
          all.add(edit.get());
          taken.addAll(near);
        } else {
          untried++;
        }
      }
    }
    if (!taken.isEmpty()) {
      graph = all.build();
    }
    return untried;
  }

  private void step(int index, int count) {
    if (++steps > options.stepLimit()) {
      throw new RewriteException(
          "rule '"
              + rules.get(index).name()
              + "' still applies to graph '"
              + graph.name()
              + "' after "
              + options.stepLimit()
              + " steps: it undoes its own work or another rule's");
    }
    counts[index] += count;
  }

  private void check(Rule rule) {
    try {
      GraphChecker.check(graph);
    } catch (GraphException e) {
      throw new RewriteException(
          "rule '" + rule.name() + "' broke the graph: " + e.getMessage(), e);
    }
  }
}
