package dev.thimble.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.graph.Node;
import dev.thimble.graph.Origin;
import dev.thimble.graph.Value;
import dev.thimble.op.Reshape;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RewriterTest {
  private static final RewriteOptions OPTIONS = RewriteOptions.of(Rounding.DOUBLE);
  private static final Graph CHAIN =
      GraphParser.parse(
          """
          graph "chain"
          input "x": f32[2,3]
          node "a": f32[6] = Reshape(shape=[6]) "x"
          node "b": f32[3,2] = Reshape(shape=[3,2]) "a"
          node "c": f32[2,3] = Unary(function=RELU) "x"
          output "b"
          output "c"
          """);

  @Test
  void listsEveryRuleInItsOrderEvenIfItNeverApplied() {
    List<RuleCount> counts = Rewriter.run(CHAIN, OPTIONS).counts();
    assertThat(counts)
        .extracting(RuleCount::rule)
        .containsExactlyElementsOf(Rewriter.standard().stream().map(Rule::name).toList())
        .doesNotHaveDuplicates();
    assertThat(counts).contains(new RuleCount("pad-folding", 0));
  }

  @Test
  void countsWhatEachRuleDid() {
    RewriteResult result = Rewriter.run(CHAIN, OPTIONS);
    assertThat(result.count("reshape-of-reshape")).isEqualTo(1);
    assertThat(result.count("dead-code")).isEqualTo(1);
    assertThat(result.graph().nodes()).hasSize(2);
    assertThatThrownBy(() -> result.count("no-such-rule"))
        .hasMessage("there is no rule 'no-such-rule'");
  }

  @Test
  void namesTheRuleThatDoesNotComeToAnEnd() {
    Rule restless =
        Rule.ofNode(
            "restless",
            (graph, node, options) -> Optional.of(new GraphEdit(graph).replace(node, node)));
    RewriteOptions few = new RewriteOptions(Rounding.DOUBLE, 0, 10, true);
    assertThatThrownBy(() -> Rewriter.run(CHAIN, List.of(restless), few))
        .isInstanceOf(RewriteException.class)
        .hasMessage(
            "rule 'restless' still applies to graph 'chain' after 10 steps: it undoes its own work"
                + " or another rule's");
  }

  @Test
  void namesTheRuleThatBreaksTheGraph() {
    Rule careless =
        Rule.ofNode(
            "careless",
            (graph, node, options) ->
                new GraphEdit(graph).remove(node).onlyIf(node.name().equals("a")));
    assertThatThrownBy(() -> Rewriter.run(CHAIN, List.of(careless), OPTIONS))
        .isInstanceOf(RewriteException.class)
        .hasMessageStartingWith("rule 'careless' broke the graph: node 'b' (reshape): 'a'");
  }

  @Test
  void editPutsNewNodesBeforeTheirReaders() {
    Node b = CHAIN.nodes().get(1);
    Value first = new Value("first", TensorType.float32(1, 6));
    Value second = new Value("second", TensorType.float32(6, 1));
    Graph graph =
        new GraphEdit(CHAIN)
            .replace(
                b,
                new Node(b.op(), List.of(second), b.outputs()),
                new Node(new Reshape(second.type().shape()), List.of(first), second))
            .append(new Node(new Reshape(first.type().shape()), b.inputs(), first))
            .build();
    assertThat(graph.nodes())
        .extracting(Node::name)
        .containsExactly("a", "first", "second", "b", "c");
  }

  @Test
  void editGivesTheNameOfAMergedOutputToTheValueThatStays() {
    Node b = CHAIN.nodes().get(1);
    Value same = new Value("same", b.output().type());
    Graph twice =
        new GraphEdit(CHAIN).append(new Node(b.op(), b.inputs(), same)).output(0, same).build();
    GraphEdit edit = new GraphEdit(twice);
    assertThat(edit.merge(same, b.output())).isTrue();
    Graph merged = edit.remove(twice.producer(same).orElseThrow()).build();
    assertThat(merged.outputs().getFirst().name()).isEqualTo("same");
    assertThat(merged.nodes()).extracting(Node::name).containsExactly("a", "same", "c");
  }

  @Test
  void editKeepsWhatARenamedValueWas() {
    Value a = CHAIN.nodes().getFirst().output();
    Graph renamed = new GraphEdit(CHAIN).rename(a, "z").build();
    Value z = renamed.nodes().getFirst().output();
    assertThat(z.name()).isEqualTo("z");
    assertThat(renamed.origin(z)).isEqualTo(new Origin("a", List.of()));
    assertThat(renamed.readers(z)).hasSize(1);
  }
}
