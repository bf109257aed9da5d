package dev.thimble.schedule;

import dev.thimble.graph.GraphPrinter;
import dev.thimble.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a plan as text: the graph, then the steps and the buffers in lines that begin with #,
 * which {@link dev.thimble.graph.GraphParser} passes over.
 *
 * <pre>
 * # plan stream: arena 1234 bytes, lower bound 1200 bytes
 * # step 0 fused-pool "conv_0" "pool_0"
 * # step 1 stream "conv_1" rows 3, "conv_2" rows 16
 * # buffer "input" input at 0, 1024 bytes, steps -1 to 0
 * # buffer "fc" activation at 0, 84 bytes, steps 2 to 4, holds "fc" "relu"
 * </pre>
 */
public final class PlanPrinter {
  private PlanPrinter() {}

  public static String print(MemoryPlan plan) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "# plan %s: arena %d bytes, lower bound %d bytes",
            plan.strategy().text(),
            plan.arenaBytes(),
            plan.lowerBound()));
    for (RegionArena region : plan.regions()) {
      String memory = quote(region.memory().name());
      lines.add(
          "# memory " + memory + " from " + region.start() + ", " + region.bytes() + " bytes");
    }
    for (int i = 0; i < plan.schedule().steps().size(); i++) {
      lines.add("# step " + i + " " + step(plan.schedule().steps().get(i)));
    }
    plan.buffers().forEach(placed -> lines.add("# buffer " + buffer(placed)));
    return GraphPrinter.print(plan.schedule().graph()) + String.join("\n", lines) + "\n";
  }

  private static String step(Step step) {
    return switch (step) {
      case Step.Whole whole -> "whole " + quote(whole.node().name());
      case Step.FusedPool fused -> "fused-pool " + names(fused.nodes());
      case Step.Stream stream ->
          "stream of "
              + stream.order().turns().size()
              + " turns "
              + Stream.concat(
                      stream.fed().stream().map(PlanPrinter::fed),
                      stream.stages().stream().map(PlanPrinter::stage))
                  .collect(Collectors.joining(", "));
    };
  }

  private static String fed(Step.Fed fed) {
    return "fed " + quote(fed.value().name()) + " rows " + fed.rows() + kept(fed.kept());
  }

  private static String stage(Step.Stage stage) {
    return names(stage.nodes()) + " rows " + stage.rows().rows() + kept(stage.kept());
  }

  private static String kept(boolean kept) {
    return kept ? " kept" : "";
  }

  private static String names(List<Node> nodes) {
    return nodes.stream().map(n -> quote(n.name())).collect(Collectors.joining(" "));
  }

  private static String buffer(MemoryPlan.Placed placed) {
    Buffer buffer = placed.buffer();
    return String.format(
        Locale.ROOT,
        "%s %s at %d, %d bytes, steps %d to %d",
        quote(buffer.name()),
        buffer.kind().name().toLowerCase(Locale.ROOT),
        placed.offset(),
        buffer.bytes(),
        buffer.first(),
        buffer.last());
  }

  /** A name on one line, whatever characters it has. */
  private static String quote(String name) {
    return '"'
        + name.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r")
        + '"';
  }
}
