/**
 * Exact rewrites of graphs. Every rewrite preserves every value that survives it bit for bit: for
 * integer networks under the rounding that the options name, for float networks always.
 *
 * <p>A rule is a static method from a graph and one of its nodes to a {@link
 * dev.thimble.rewrite.GraphEdit}, or to nothing where the rule does not apply; the first line of
 * its documentation says <em>before becomes after</em>. A rule for the whole graph takes the graph
 * alone and returns a {@link dev.thimble.rewrite.Rewrite}. Rules read the graph with plain
 * patterns:
 *
 * {@snippet lang="java" :
 * // Reshape(Reshape(x)) becomes Reshape(x).
 * static Optional<GraphEdit> merge(Graph graph, Node node, RewriteOptions options) {
 *   return graph.producer(node.input())
 *       .filter(inner -> node.op() instanceof Reshape && inner.op() instanceof Reshape)
 *       .map(inner -> new GraphEdit(graph)
 *           .replace(node, new Node(node.op(), inner.inputs(), node.outputs())));
 * }
 * }
 *
 * <p>A class of rules lists them by name; {@link dev.thimble.rewrite.Rewriter#standard()} puts the
 * lists in order. Names of graph inputs and outputs never change. A value that keeps some channels
 * only is a new value with an {@link dev.thimble.graph.Origin}. May import {@code graph} and {@code
 * target}, and what those import.
 */
@NullMarked
package dev.thimble.rewrite;

import org.jspecify.annotations.NullMarked;
