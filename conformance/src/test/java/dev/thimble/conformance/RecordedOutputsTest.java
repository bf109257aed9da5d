package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.graph.Evaluator;
import dev.thimble.op.Rounding;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real inputs and what others' devices and runtimes answered, against reference and C. */
class RecordedOutputsTest {
  /** How a file of inputs becomes a tensor of the network's input type. */
  private interface Reader {
    Tensor read(Path file, TensorType type) throws IOException;
  }

  @Test
  void allFiveHundredKeywordsAreAsOnTheDevice() throws IOException {
    rows("kws/kws_ref_model_int8.tflite", "kws/kws01", 500, RawData::int8);
  }

  @Test
  void allFiftyPicturesAreAsOnTheDevice() throws IOException {
    rows("ic/pretrainedResnet_int8.tflite", "ic/ic01", 50, RawData::uint8AsInt8);
  }

  /** A row of the table is the input's file, its class, and the output's elements. */
  private static void rows(String model, String data, int count, Reader reader) throws IOException {
    Path cases = Shared.require("cases/01_mlperf_tiny");
    Compilation compilation = WrittenProgram.compile(cases.resolve(model), CompileOptions.DEFAULTS);
    TensorType type = compilation.imported().inputs().getFirst().type();
    List<String> lines = Files.readAllLines(cases.resolve(data + "_expected_int8.csv"));
    List<List<Tensor>> samples = new ArrayList<>();
    int equal = 0;
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      Tensor input = reader.read(cases.resolve(data).resolve(cells[0]), type);
      int[] expected = Arrays.stream(cells).skip(2).mapToInt(Integer::parseInt).toArray();
      equal += Arrays.equals(output(compilation, input).ints(), expected) ? 1 : 0;
      samples.add(List.of(input));
    }
    assertThat(samples).hasSize(count);
    assertThat(equal).isEqualTo(count);
    theCodeAnswersTheSame(compilation, samples);
  }

  @ParameterizedTest
  @CsvSource({
    "01_mlperf_tiny/golden_mlonmcu/aww/aww.tflite, expected, 10",
    "01_mlperf_tiny/golden_mlonmcu/resnet/resnet.tflite, expected, 10",
    "01_mlperf_tiny/golden_mlonmcu/toycar/toycar.tflite, expected, 10",
    "02_tflite/mlonmcu/micro_speech/micro_speech.tflite, output, 3"
  })
  void recordedOutputsOfARuntimeThatRoundsOnce(String model, String outputs, int count)
      throws IOException {
    Path file = Shared.require("cases/" + model);
    Compilation compilation =
        WrittenProgram.compile(file, CompileOptions.DEFAULTS.withRounding(Rounding.SINGLE));
    TensorType type = compilation.imported().inputs().getFirst().type();
    Reader reader =
        switch (file.getFileName().toString()) {
          case "resnet.tflite" -> RawData::uint8AsInt8;
          case "aww.tflite", "toycar.tflite" -> RawData::quantized;
          default -> RawData::int8;
        };
    List<List<Tensor>> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Tensor input = reader.read(file.resolveSibling("input").resolve(i + ".bin"), type);
      Path expected = file.resolveSibling(outputs).resolve(i + ".bin");
      assertDequantized(output(compilation, input), RawData.floats(Files.readAllBytes(expected)));
      samples.add(List.of(input));
    }
    theCodeAnswersTheSame(compilation, samples);
  }

  private static Tensor output(Compilation compilation, Tensor input) {
    return Evaluator.outputs(
            compilation.imported(), List.of(input), compilation.options().rounding())
        .getFirst();
  }

  /** The recorded outputs are real numbers: stored ones times the scale. */
  private static void assertDequantized(Tensor output, FloatBuffer expected) {
    TensorType type = output.type();
    assertThat(expected.remaining()).isEqualTo(output.ints().length);
    for (int i = 0; i < output.ints().length; i++) {
      double steps = expected.get(i) / type.scale();
      assertThat(steps).isCloseTo(Math.rint(steps), within(0.01));
      assertThat(output.ints()[i] - type.zeroPoint()).isEqualTo((int) Math.rint(steps));
    }
  }

  private static void theCodeAnswersTheSame(Compilation compilation, List<List<Tensor>> samples)
      throws IOException {
    try (WrittenProgram program = WrittenProgram.of(compilation)) {
      program.assertEqual(samples, false, Target.PORTABLE);
    }
  }
}
