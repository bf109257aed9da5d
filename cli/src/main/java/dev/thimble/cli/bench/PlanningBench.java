package dev.thimble.cli.bench;

import com.sun.management.ThreadMXBean;
import dev.thimble.codegen.CName;
import dev.thimble.codegen.CodeGenerator;
import dev.thimble.graph.Graph;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.op.Rounding;
import dev.thimble.rewrite.RewriteOptions;
import dev.thimble.rewrite.Rewriter;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.MemoryPlanner;
import dev.thimble.schedule.PlanRequest;
import dev.thimble.schedule.PlanValidator;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** How long the compiler's stages take, and what they allocate, as networks grow. */
final class PlanningBench {
  /** The numbers of nodes that the page shows. */
  static final List<Integer> SIZES = List.of(100, 300, 1_000, 3_000, 10_000);

  /** So many nodes are compiled of each kind before the clock starts: the JIT has settled then. */
  static final int WARM_UP_NODES = 3_000;

  /** Small networks are over in moments: they run again until so many nodes are done. */
  private static final int TIMED_NODES = 3_000;

  /**
   * The stages' times for one network, each the least of several runs.
   *
   * @param nodes before rewriting; none of them goes away
   * @param plans how many strategies had a plan
   * @param allocatedBytes what planning allocated
   */
  record Row(
      String network,
      int nodes,
      int plans,
      double rewriteMs,
      double planMs,
      double validateMs,
      double codeMs,
      long allocatedBytes) {
    double planMicrosPerNode() {
      return planMs * 1_000 / nodes;
    }

    double totalMs() {
      return rewriteMs + planMs + validateMs + codeMs;
    }
  }

  private PlanningBench() {}

  /** Measures all kinds of networks in these sizes, after so many nodes that are not timed. */
  static List<Row> run(List<Integer> sizes, int warmUpNodes, Consumer<String> progress) {
    List<Row> rows = new ArrayList<>();
    for (SyntheticNetworks.Kind kind : SyntheticNetworks.Kind.values()) {
      for (int done = 0, size = sizes.getFirst(); done < warmUpNodes; done += size) {
        once(kind, size);
        size = sizes.getLast() > 3 * size ? 3 * size : size;
      }
      for (int size : sizes) {
        progress.accept("planning: " + kind.title() + ", " + size + " nodes");
        Row best = once(kind, size);
        for (int done = size; done < TIMED_NODES; done += size) {
          best = least(best, once(kind, size));
        }
        rows.add(best);
      }
    }
    return rows;
  }

  private static Row least(Row a, Row b) {
    return new Row(
        a.network,
        a.nodes,
        a.plans,
        Math.min(a.rewriteMs, b.rewriteMs),
        Math.min(a.planMs, b.planMs),
        Math.min(a.validateMs, b.validateMs),
        Math.min(a.codeMs, b.codeMs),
        Math.min(a.allocatedBytes, b.allocatedBytes));
  }

  private static Row once(SyntheticNetworks.Kind kind, int size) {
    Graph imported = SyntheticNetworks.of(kind, size);
    Timed<Graph> rewritten =
        Timed.of(() -> Rewriter.run(imported, RewriteOptions.of(Rounding.DOUBLE)).graph());
    Graph graph = rewritten.result;
    PlanRequest request = PlanRequest.of(graph, new PortableKernels(), Rounding.DOUBLE);
    Timed<List<MemoryPlan>> plans = Timed.of(() -> MemoryPlanner.plans(request));
    Timed<Integer> valid =
        Timed.of(() -> {
          plans.result.forEach(PlanValidator::validate);
          return plans.result.size();
        });
    Timed<Integer> code =
        Timed.of(() ->
            CodeGenerator.generate(
                    plans.result.getLast(), new CName("synthetic"), Rounding.DOUBLE, kind.title())
                .files()
                .size());
    return new Row(
        kind.title(),
        graph.nodes().size(),
        plans.result.size(),
        rewritten.ms,
        plans.ms,
        valid.ms,
        code.ms,
        plans.allocated);
  }

  /** What a computation returned, took and allocated. */
  private record Timed<T>(T result, double ms, long allocated) {
    static <T> Timed<T> of(Supplier<T> work) {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long bytes = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      T result = work.get();
      double ms = (System.nanoTime() - start) / 1e6;
      return new Timed<>(result, ms, threads.getCurrentThreadAllocatedBytes() - bytes);
    }
  }
}
