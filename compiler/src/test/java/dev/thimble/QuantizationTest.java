package dev.thimble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.graph.Value;
import dev.thimble.importer.ImportOptions;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Samples;
import dev.thimble.op.Rounding;
import dev.thimble.quant.Preprocessing;
import dev.thimble.quant.QuantizeSettings;
import dev.thimble.quant.SampleListener;
import dev.thimble.quant.WeightFormat;
import dev.thimble.report.EvaluateReport;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.Examples;
import dev.thimble.testing.Models;
import dev.thimble.testing.RandomGraphs;
import dev.thimble.testing.Requires;
import dev.thimble.toolchain.ProgramFiles;
import dev.thimble.toolchain.ProgramRuns;
import dev.thimble.toolchain.Subject;
import dev.thimble.toolchain.Verification;
import dev.thimble.toolchain.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From float networks and samples to integer programs. */
class QuantizationTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void programsOfQuantisedNetworksComputeThemBitForBit(long seed) throws IOException {
    Requires.command("gcc");
    ImportedModel source = Models.of(RandomGraphs.float32(seed));
    Quantization made = quantize(source, seed % 2 == 0);
    Compilation compilation =
        Compiler.compile(made.model(), CompileOptions.DEFAULTS, Stage.Listener.NONE);
    ProgramFiles.write(folder, compilation.program().files());
    Subject subject = compilation.subject(folder);
    List<List<Tensor>> samples = samples(source, 5);
    Verification result =
        new Verifier(subject, stored(samples, compilation), false, false)
            .run(List.of(Target.PORTABLE), n -> {});
    assertThat(result.targets().getFirst().difference()).isEmpty();

    try (ProgramRuns runs = ProgramRuns.build(subject, Target.PORTABLE, false)) {
      Evaluation evaluation =
          new Evaluation(
              Optional.of(source.program().entry()),
              Optional.of(compilation.reference()),
              compilation.options().rounding(),
              runs::run,
              Evaluation.Judgement.DEFAULTS);
      Map<String, EvaluateReport.Variant> variants =
          evaluation.run(samples, List.of(), Long.MAX_VALUE, () -> {});
      assertThat(variants.keySet()).containsExactly("float", "quantized", "c");
      assertThat(variants.get("c").metrics().get("identical_to_quantized")).isEqualTo(1);
    }
  }

  @Test
  void aQuantisedModelIsNotQuantisedAgain() {
    ImportedModel model = Models.of(RandomGraphs.int8(1));
    assertThatThrownBy(() -> quantize(model, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("is quantised already; it is compiled as it is, without --calibrate");
  }

  /** Else a program could not be made again from its report: the weights would be others. */
  @Test
  void aQuantisedModelSaysWhatItsImportWasTold() {
    ImportOptions options =
        ImportOptions.DEFAULTS
            .withNarrow(true)
            .withWeights(Examples.file("pytorch/lenet_torch2.8.pt2"));
    ImportedModel source = ModelImporter.read(Examples.file("pytorch/lenet.pt2"), options);
    Preprocessing halved = new Preprocessing(List.of(0.5f), List.of(0f));
    assertThat(quantize(source, false).model().options()).isEqualTo(options);
    assertThat(Quantization.ofFilters(source, WeightFormat.INT8).model().options())
        .isEqualTo(options);
    assertThat(Quantization.preprocessed(source, halved).options()).isEqualTo(options);
  }

  @Test
  void integersThatAFileStatesAsFloatsAreNotQuantisedAgain() {
    ImportedModel model = ModelImporter.read(Examples.file("pytorch/lenet_qat.pt2"));
    assertThatThrownBy(() -> quantize(model, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'lenet_qat' is quantised already; it is compiled as it is, without --calibrate");
  }

  @Test
  void reconstructionsAreRankedByTheirErrorAndOwnMetricsAreComputed() throws IOException {
    ImportedModel source =
        Models.of(
            GraphParser.parse(
                """
                input "x": f32[1,2]
                node "y": f32[1,2] = Unary(function=RELU) "x"
                output "y"
                """));
    Graph graph = source.program().entry();
    TensorType type = graph.inputs().getFirst().type();
    // What is negative is lost, so that the last two have the largest errors.
    List<List<Tensor>> samples =
        List.of(
            List.of(Tensor.ofFloats(type, 1, 2)),
            List.of(Tensor.ofFloats(type, 1, -0.5f)),
            List.of(Tensor.ofFloats(type, -1, -2)),
            List.of(Tensor.ofFloats(type, 1, -3)));
    Metric counting =
        new Metric() {
          private double sum;

          @Override
          public String name() {
            return "sum_of_outputs";
          }

          @Override
          public void add(Sample sample) {
            sum += sample.outputs().getFirst()[0];
          }

          @Override
          public double value() {
            return sum;
          }
        };
    Evaluation evaluation =
        new Evaluation(
            Optional.of(graph),
            Optional.empty(),
            Rounding.DOUBLE,
            block -> block.stream().map(s -> Evaluator.outputs(graph, s, Rounding.DOUBLE)).toList(),
            new Evaluation.Judgement(5, ScoreKind.RECONSTRUCTION, () -> List.of(counting)));
    Map<String, Double> c =
        evaluation.run(samples, List.of(0, 1, 0, 1), 9, () -> {}).get("c").metrics();
    assertThat(c).containsEntry("auc", 0.75).containsEntry("rank_correlation_with_float", 1.0);
    assertThat(c).containsEntry("sum_of_outputs", 6.0);
  }

  @Test
  void anEvaluationOnWhatIsNoNumberIsRefused() {
    Graph graph = RandomGraphs.float32(2);
    Evaluation evaluation =
        new Evaluation(
            Optional.of(graph),
            Optional.empty(),
            Rounding.DOUBLE,
            block -> block.stream().map(s -> Evaluator.outputs(graph, s, Rounding.DOUBLE)).toList(),
            Evaluation.Judgement.DEFAULTS);
    Tensor input = RandomGraphs.inputs(graph, 1).getFirst();
    float[] elements = input.floats().clone();
    elements[1] = Float.NaN;
    List<Tensor> sample = List.of(Tensor.ofFloats(input.type(), elements));
    assertThatThrownBy(() -> evaluation.run(List.of(sample), List.of(), 9, () -> {}))
        .hasMessage("sample 0: element 1 is NaN; only finite numbers are evaluated on");
  }

  @Test
  void anEvaluationNeedsAsManyLabelsAsSamples() {
    ImportedModel source = Models.of(RandomGraphs.float32(2));
    Graph graph = source.program().entry();
    Evaluation evaluation =
        new Evaluation(
            Optional.of(graph),
            Optional.empty(),
            CompileOptions.DEFAULTS.rounding(),
            block ->
                block.stream()
                    .map(sample ->
                        Evaluator.outputs(graph, sample, CompileOptions.DEFAULTS.rounding()))
                    .toList(),
            Evaluation.Judgement.DEFAULTS);
    List<List<Tensor>> three = samples(source, 3);
    assertThatThrownBy(() -> evaluation.run(three, List.of(1, 2), Long.MAX_VALUE, () -> {}))
        .hasMessage("there are more samples than labels, of which there are 2");
    assertThatThrownBy(() -> evaluation.run(three, List.of(0, 0, 0, 0), 100, () -> {}))
        .hasMessage("there are 4 labels for 3 samples");
    assertThatThrownBy(() -> evaluation.run(List.of(), List.of(), 100, () -> {}))
        .hasMessage("there are no samples to evaluate on");
  }

  private static Quantization quantize(ImportedModel model, boolean floatIo) {
    return Quantization.of(
        model,
        samples(model, 6),
        QuantizeSettings.DEFAULTS.withFloatIo(floatIo),
        SampleListener.NONE);
  }

  private static List<List<Tensor>> samples(ImportedModel model, int count) {
    return RandomGraphs.samples(model.program().entry(), count);
  }

  /** Samples as the inputs of the program store them. */
  private static List<List<Tensor>> stored(List<List<Tensor>> samples, Compilation compilation) {
    List<Value> inputs = compilation.reference().inputs();
    return samples.stream().map(sample -> Samples.stored(sample, inputs)).toList();
  }
}
