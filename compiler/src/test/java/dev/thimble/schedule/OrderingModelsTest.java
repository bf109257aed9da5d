package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.importer.ModelException;
import dev.thimble.importer.ModelImporter;
import dev.thimble.kernel.KernelException;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.op.Rounding;
import dev.thimble.rewrite.GraphOutputs;
import dev.thimble.rewrite.RewriteOptions;
import dev.thimble.rewrite.Rewriter;
import dev.thimble.schedule.order.Order;
import dev.thimble.schedule.order.OrderProblem;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Networks that others published: the best order of each is found and proved. */
class OrderingModelsTest {
  @Test
  void everyNetworksBestOrderIsProved() throws IOException {
    int proved = 0;
    for (Path model : models()) {
      Optional<Schedule> schedule = schedule(model);
      if (schedule.isPresent()) {
        OrderProblem problem = Ordering.problem(schedule.get());
        long given = problem.peak(IntStream.range(0, problem.tasks().size()).boxed().toList());
        Order order = Ordering.solve(schedule.get());
        assertThat(order.optimal()).as("%s: %s", model, order).isTrue();
        assertThat(order.peak()).as("%s", model).isLessThanOrEqualTo(given);
        proved++;
      }
    }
    assertThat(proved).isGreaterThanOrEqualTo(50);
  }

  private static Optional<Schedule> schedule(Path model) {
    try {
      Graph imported = ModelImporter.read(model).program().entry();
      Graph rewritten = Rewriter.run(imported, RewriteOptions.of(Rounding.DOUBLE)).graph();
      Graph graph = GraphOutputs.materialise(rewritten);
      return Optional.of(Scheduler.whole(graph, new PortableKernels(), Rounding.DOUBLE));
    } catch (ModelException | KernelException e) {
      return Optional.empty();
    }
  }

  private static List<Path> models() throws IOException {
    try (Stream<Path> files = Files.walk(Shared.require("cases"))) {
      return files.filter(file -> file.toString().endsWith(".tflite")).sorted().toList();
    }
  }
}
