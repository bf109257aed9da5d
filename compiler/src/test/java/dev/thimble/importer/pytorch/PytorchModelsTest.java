package dev.thimble.importer.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.IntegerNetwork;
import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Samples;
import dev.thimble.op.Rounding;
import dev.thimble.op.Transpose;
import dev.thimble.rewrite.RewriteOptions;
import dev.thimble.rewrite.Rewriter;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.Examples;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trained networks as PyTorch exported them, against what PyTorch computed. */
class PytorchModelsTest {
  private static final float TOLERANCE = 1e-5f;

  private static ImportedModel read(String name) {
    return ModelImporter.read(Examples.file("pytorch/" + name + ".pt2"));
  }

  @ParameterizedTest
  @CsvSource({
    "lenet, lenet",
    "lenet_torch2.7, lenet",
    "lenet_torch2.8, lenet",
    "ds_cnn, ds_cnn",
    "mobilenet, mobilenet",
    "resnet8, resnet8",
    "inverted, inverted",
    "temporal, temporal",
    "encoder, encoder",
    "gru, gru",
    "lenet_qat, lenet_qat",
    "resnet8_ptq, resnet8_ptq",
    "ds_cnn_ptq, ds_cnn_ptq",
    "small_float16, small_float16",
    "small_bfloat16, small_bfloat16",
  })
  void outputsAreThoseOfPytorch(String name, String samples) {
    ImportedModel model = read(name);
    Graph graph = model.program().entry();
    List<List<Tensor>> inputs = samples(samples + "_input.npy", model.inputs());
    List<List<Tensor>> expected = samples(samples + "_output.npy", model.outputs());
    assertThat(inputs).hasSameSizeAs(expected).isNotEmpty();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor output = Evaluator.outputs(graph, inputs.get(i), Rounding.DOUBLE).getFirst();
      assertClose(output.floats(), expected.get(i).getFirst().floats());
    }
  }

  private static List<List<Tensor>> samples(String file, List<dev.thimble.importer.IoInfo> ports) {
    return Samples.readSource(List.of(Examples.file("pytorch/" + file).toString()), ports);
  }

  private static void assertClose(float[] found, float[] expected) {
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat(Math.abs(found[i] - expected[i])).isLessThanOrEqualTo(TOLERANCE * largest);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lenet", "ds_cnn", "mobilenet", "resnet8", "inverted", "temporal"})
  void convolutionsLeaveNoTransposeBehind(String name) {
    assertThat(read(name).program().entry().nodes())
        .noneMatch(node -> node.op() instanceof Transpose);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"lenet", "lenet_qat", "ds_cnn", "mobilenet", "resnet8", "inverted", "temporal"})
  void compiledConvolutionsHaveNoTranspose(String name) {
    Graph graph = IntegerNetwork.of(read(name)).model().program().entry();
    assertThat(Rewriter.run(graph, RewriteOptions.of(Rounding.DOUBLE)).graph().nodes())
        .noneMatch(node -> node.op() instanceof Transpose);
  }

  @ParameterizedTest
  @CsvSource({"lenet, 416520", "resnet8, 12501632", "ds_cnn, 2656768", "mobilenet, 7489664"})
  void multiplicationsAreThoseOfTheFormula(String name, long macs) {
    assertThat(read(name).program().entry().macs()).isEqualTo(macs);
  }

  /** Filters, and a bias for each channel: that is what is left of batch normalisations. */
  @ParameterizedTest
  @CsvSource({"lenet, 61706", "resnet8, 77706", "ds_cnn, 22604", "mobilenet, 210850"})
  void parametersAreThoseOfTheFormula(String name, long parameters) {
    Graph graph = read(name).program().entry();
    Graph compiled = Rewriter.run(graph, RewriteOptions.of(Rounding.DOUBLE)).graph();
    assertThat(
            compiled.constants().values().stream().mapToLong(data -> data.type().elements()).sum())
        .isEqualTo(parameters);
  }

  @Test
  void everyGenerationIsTheSameProgram() {
    Graph newest = read("lenet").program().entry();
    for (String older : List.of("lenet_torch2.7", "lenet_torch2.8")) {
      Graph graph = read(older).program().entry();
      assertThat(graph.nodes().stream().map(node -> node.op()).toList())
          .isEqualTo(newest.nodes().stream().map(node -> node.op()).toList());
    }
  }

  @Test
  void anOpenBatchIsOneUnlessGiven() {
    assertThat(read("ds_cnn").inputs().getFirst().sourceShape().dims())
        .containsExactly(1, 1, 49, 10);
  }
}
