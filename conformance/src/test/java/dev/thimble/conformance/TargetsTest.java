package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.Compiler;
import dev.thimble.Stage;
import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.op.Conv2d;
import dev.thimble.target.Target;
import dev.thimble.testing.Models;
import dev.thimble.testing.RandomGraphs;
import dev.thimble.toolchain.Profile;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Small random networks, with the kernels of every target, on its simulated core. */
class TargetsTest {
  /** Cores that fault, or trap into slow code, where a word is read at an odd address. */
  private static final Set<Target> ALIGNED =
      EnumSet.of(
          Target.CORTEX_M0PLUS,
          Target.RV32IMC,
          Target.RV32IMAC,
          Target.RV32GC,
          Target.RV64GC,
          Target.RV32GCV,
          Target.RV64GCV);

  private static final Set<Target> UNTIMED =
      EnumSet.of(Target.RV32GC, Target.RV64GC, Target.RV32GCV, Target.RV64GCV);

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PORTABLE")
  void integerNetworksEqualTheirCodeAndAreCounted(Target target) throws IOException {
    Compilation compilation = network(RandomGraphs::int8, 100L * target.ordinal(), target);
    Graph graph = compilation.reference();
    try (WrittenProgram program = WrittenProgram.of(compilation)) {
      program.assertEqual(RandomGraphs.samples(graph, 2), false, target);
      Profile profile = program.profile(target);
      assertThat(profile.total().instructions()).isPositive();
      assertThat(profile.stackBytes()).isBetween(16L, 2000L);
      assertThat(profile.codeBytes()).isBetween(500L, 60_000L);
      assertThat(profile.cyclesBasis().isEmpty()).isEqualTo(UNTIMED.contains(target));
      if (profile.cyclesBasis().isPresent()) {
        assertThat(profile.total().cycles() / (double) profile.total().instructions())
            .isBetween(0.5, 3.0);
      }
      if (ALIGNED.contains(target)) {
        assertThat(profile.total().unaligned()).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PORTABLE")
  void floatNetworksAgreeWithTheirCode(Target target) throws IOException {
    Compilation compilation = network(RandomGraphs::float32, 100L * target.ordinal(), target);
    Graph graph = compilation.reference();
    try (WrittenProgram program = WrittenProgram.of(compilation)) {
      program.assertEqual(List.of(RandomGraphs.inputs(graph, 1)), false, target);
    }
  }

  /** The first network, from this seed on, that convolves and keeps four nodes or more. */
  private static Compilation network(LongFunction<Graph> networks, long seed, Target target) {
    for (long each = seed; ; each++) {
      Compilation compilation = compile(networks.apply(each), target);
      List<Node> nodes = compilation.graph().nodes();
      if (nodes.size() >= 4 && nodes.stream().anyMatch(node -> node.op() instanceof Conv2d)) {
        return compilation;
      }
    }
  }

  private static Compilation compile(Graph graph, Target target) {
    CompileOptions options = CompileOptions.DEFAULTS.withTarget(target);
    return Compiler.compile(Models.of(graph), options, Stage.Listener.NONE);
  }
}
