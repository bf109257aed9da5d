package dev.thimble.codegen;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.MemoryPlanner;
import dev.thimble.schedule.PlanChoice;
import dev.thimble.schedule.PlanValidator;
import dev.thimble.schedule.Strategy;
import dev.thimble.target.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A small network of the test resources, {@code codegen/NAME.graph}. Its first line says how to
 * compile it: {@code # strategy: greedy}, or {@code # strategy: greedy, rounding: single}.
 */
public record GoldenGraph(Path file, Graph graph, Strategy strategy, Rounding rounding) {
  private static final String STRATEGY = "# strategy: ";
  private static final String SINGLE = ", rounding: single";

  /** All of them, by name. */
  public static List<GoldenGraph> all() {
    URL folder = Objects.requireNonNull(GoldenGraph.class.getResource("/codegen"));
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files
          .filter(file -> file.toString().endsWith(".graph"))
          .sorted()
          .map(GoldenGraph::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The one of this name. */
  public static GoldenGraph of(String name) {
    return all().stream().filter(golden -> golden.name().equals(name)).findFirst().orElseThrow();
  }

  private static GoldenGraph read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String first = text.lines().findFirst().orElseThrow().substring(STRATEGY.length());
    Strategy strategy =
        Arrays.stream(Strategy.values())
            .filter(each -> each.text().equals(first.replace(SINGLE, "")))
            .findFirst()
            .orElseThrow();
    return new GoldenGraph(
        file,
        GraphParser.parse(text),
        strategy,
        first.endsWith(SINGLE) ? Rounding.SINGLE : Rounding.DOUBLE);
  }

  public String name() {
    return file.getFileName().toString().replace(".graph", "");
  }

  /** The plan by the strategy that the file names. */
  public MemoryPlan plan() {
    List<MemoryPlan> plans = MemoryPlanner.plans(graph, new PortableKernels(), rounding);
    plans.forEach(PlanValidator::validate);
    MemoryPlan plan = PlanChoice.choose(plans, strategy);
    if (plan.strategy() != strategy) {
      throw new IllegalStateException(name() + " has no plan of strategy " + strategy.text());
    }
    return plan;
  }

  /** The generated program. */
  public CProgram program() {
    return program(new KernelSources(rounding));
  }

  CProgram program(KernelSources sources) {
    return CodeGenerator.generate(
        plan(), new CName(name()), rounding, name(), Target.PORTABLE, sources);
  }
}
