package dev.thimble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.graph.Value;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.data.Samples;
import dev.thimble.quant.ActivationTypes;
import dev.thimble.quant.Calibrator;
import dev.thimble.quant.Quality;
import dev.thimble.quant.QuantizeSettings;
import dev.thimble.quant.SampleListener;
import dev.thimble.quant.WeightFormat;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.Models;
import dev.thimble.testing.RandomGraphs;
import dev.thimble.testing.Requires;
import dev.thimble.toolchain.ProgramFiles;
import dev.thimble.toolchain.Verification;
import dev.thimble.toolchain.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs of networks with int16 activations, and of filters of few bits for floats. */
class MoreBitsProgramsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void programsOfInt16ComputeTheirNetworksBitForBit(long seed) throws IOException {
    ImportedModel source = Models.of(RandomGraphs.float32(seed));
    Graph graph = source.program().entry();
    String name = graph.nodes().get((int) seed % graph.nodes().size()).name();
    ActivationTypes types =
        seed % 2 == 0
            ? new ActivationTypes(true, Set.of(), Set.of(), Set.of())
            : new ActivationTypes(false, Set.of(name), Set.of(), Set.of());
    Optional<Quantization> made = quantize(source, types);
    if (made.isPresent()) {
      requireEqual(made.get(), source);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void programsOfStoredFiltersComputeTheirNetworks(long seed) throws IOException {
    ImportedModel source = Models.of(RandomGraphs.float32(seed));
    WeightFormat format = seed % 2 == 0 ? WeightFormat.INT8 : WeightFormat.INT4;
    requireEqual(Quantization.ofFilters(source, format), source);
  }

  /** What its kernel needs it includes itself, though other kernels often have it already. */
  @Test
  void aProgramOfAStoredFilterAloneIsComplete() throws IOException {
    ImportedModel source =
        Models.of(
            GraphParser.parse(
                """
                input "x": f32[1,2]
                const "w": f32[2,2] = [1.0, 0.5, -1.0, 0.25]
                const "b": f32[2] = [0.0, 1.0]
                node "y": f32[1,2] = FullyConnected(keepAxes=false, activation=NONE) "x", "w", "b"
                output "y"
                """));
    requireEqual(Quantization.ofFilters(source, WeightFormat.INT8), source);
  }

  private void requireEqual(Quantization made, ImportedModel source) throws IOException {
    Requires.command("gcc");
    Compilation compilation =
        Compiler.compile(made.model(), CompileOptions.DEFAULTS, Stage.Listener.NONE);
    ProgramFiles.write(folder, compilation.program().files());
    List<Value> inputs = compilation.reference().inputs();
    List<List<Tensor>> samples =
        samples(source).stream().map(sample -> Samples.stored(sample, inputs)).toList();
    Verification result =
        new Verifier(compilation.subject(folder), samples, false, false)
            .run(List.of(Target.PORTABLE), n -> {});
    assertThat(result.targets().getFirst().difference()).isEmpty();
  }

  /** The network with these activations; nothing where rewriting took the named one away. */
  private static Optional<Quantization> quantize(ImportedModel model, ActivationTypes types) {
    QuantizeSettings settings =
        QuantizeSettings.of(Calibrator.MIN_MAX, Quality.FAST).withActivations(types);
    try {
      return Optional.of(Quantization.of(model, samples(model), settings, SampleListener.NONE));
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("there is no node");
      return Optional.empty();
    }
  }

  private static List<List<Tensor>> samples(ImportedModel model) {
    return RandomGraphs.samples(model.program().entry(), 5);
  }
}
