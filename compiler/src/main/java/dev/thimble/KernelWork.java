package dev.thimble;

import dev.thimble.graph.Node;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.cost.Work;
import dev.thimble.schedule.Schedule;
import dev.thimble.schedule.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * What one kernel does in a program.
 *
 * @param nodes the nodes that it serves, in the graph's order
 * @param streamed whether it takes turns with others, row by row
 */
public record KernelWork(List<Node> nodes, Kernel kernel, Work work, boolean streamed) {
  public KernelWork {
    nodes = List.copyOf(nodes);
  }

  /** The kernels of a schedule, in its order. */
  public static List<KernelWork> of(Schedule schedule) {
    List<KernelWork> all = new ArrayList<>();
    for (Step step : schedule.steps()) {
      switch (step) {
        case Step.Single single -> all.add(of(single.nodes(), single.kernel(), false));
        case Step.Stream stream ->
            stream.stages().forEach(stage -> all.add(of(stage.nodes(), stage.kernel(), true)));
      }
    }
    return all;
  }

  private static KernelWork of(List<Node> nodes, Kernel kernel, boolean streamed) {
    Work work =
        nodes.stream()
            .map(node -> Work.of(node.op(), node.inputTypes(), node.output().type()))
            .reduce(Work::pooledBy)
            .orElseThrow();
    return new KernelWork(nodes, kernel, work, streamed);
  }
}
