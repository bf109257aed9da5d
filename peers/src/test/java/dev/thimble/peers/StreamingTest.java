package dev.thimble.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Seeds;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import dev.thimble.testing.Requires;
import dev.thimble.testing.Shared;
import dev.thimble.testing.TfliteSamples;
import dev.thimble.testing.TfliteWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.lite.schema.BuiltinOperator;

/** Networks that keep state agree with TensorFlow Lite over many runs. */
class StreamingTest {
  private static final int FRAMES = 100;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"esphome/v2_vad", "esphome/v2_okay_nabu"})
  void resourceVariablesAreCarriedFromFrameToFrame(String name) throws Exception {
    compare(Shared.require("cases/02_tflite/" + name + ".tflite"), 0);
  }

  /** Of the int8 network, 4 of 1,000 probabilities are one step apart. */
  @ParameterizedTest
  @CsvSource({"tflm/trained_lstm, 0", "tflm/trained_lstm_int8, 1"})
  void theCellsOfAnLstmAreCarriedFromRunToRun(String name, int steps) throws Exception {
    compare(Shared.require("cases/02_tflite/" + name + ".tflite"), steps);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BuiltinOperator.SVDF,
        BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM,
        BuiltinOperator.BIDIRECTIONAL_SEQUENCE_LSTM,
        BuiltinOperator.RNN,
        BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_RNN
      })
  void variableTensorsAreCarriedFromRunToRun(int builtin) throws Exception {
    Map<Integer, TfliteWriter> models = TfliteSamples.models(true);
    Path file = folder.resolve(BuiltinOperator.name(builtin) + ".tflite");
    Files.write(file, models.get(builtin).bytes());
    compare(file, 0);
  }

  private static void compare(Path file, int steps) throws Exception {
    Requires.command("gcc");
    ImportedModel model = ModelImporter.read(file);
    boolean floats = model.program().entry().outputs().getFirst().type().isFloat();
    try (GeneratedC generated = new GeneratedC(model);
        TfLite reference = TfLite.builtin(file)) {
      for (int frame = 1; frame <= FRAMES; frame++) {
        List<Tensor> sample = Seeds.sample(frame, model.program().entry().inputs());
        List<byte[]> inputs = sample.stream().map(TensorBytes::of).toList();
        for (Runner runner : List.of(generated, reference)) {
          runner.inputs(inputs);
          runner.run();
        }
        byte[] got = generated.outputs().getFirst();
        byte[] expected = reference.outputs().getFirst();
        assertThat(got).as("frame %d", frame).hasSameSizeAs(expected);
        for (int i = 0; floats && i < expected.length / Float.BYTES; i++) {
          assertThat(TensorBytes.element(got, DType.FLOAT32, i))
              .as("element %d of frame %d", i, frame)
              .isCloseTo(TensorBytes.element(expected, DType.FLOAT32, i), within(1e-5));
        }
        for (int i = 0; !floats && i < expected.length; i++) {
          assertThat(Math.abs(got[i] - expected[i]))
              .as("element %d of frame %d", i, frame)
              .isLessThanOrEqualTo(steps);
        }
      }
    }
  }
}
