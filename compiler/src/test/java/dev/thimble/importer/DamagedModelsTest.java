package dev.thimble.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.thimble.testing.DamagedFiles;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Damaged files of every format end in an error with a place, or in a graph; never otherwise, soon,
 * and without taking much memory.
 */
class DamagedModelsTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final long MAX_ALLOCATED_BYTES = 1L << 30;

  @ParameterizedTest
  @CsvSource({
    "500, 01_mlperf_tiny/kws/kws_ref_model_int8.tflite",
    "500, 02_tflite/tflm/hello_world_int8.tflite",
    "500, 02_tflite/esphome/v2_vad.tflite",
    "500, 02_tflite/silabs/fingerprint_signature_generator.tflite",
    "300, 08_kernel_vectors/seanet/pad/pad0.tflite",
    "300, 09_op_conformance/glow_tflite/mean_multiple_axis_keep_dims.tflite",
    "400, 01_mlperf_tiny/kws/alibaba_model_kws.onnx",
    "400, 01_mlperf_tiny/ic/resnet8_qdq.onnx",
    "300, 05_keras/tinymaix/mnist_dw.h5",
    "300, 05_keras/dl4j_tfkeras/rnn_27.h5",
    "300, 05_keras/dl4j_tfkeras/cnn2d_40.h5",
    "300, 05_keras/dl4j_keras/cnn_tf_model.h5",
    "400, 05_keras/dl4j_keras/simple_lstm/simple_lstm_tf_keras_1_model.h5",
  })
  void damagedFilesNeverCrashTheImporter(int mutants, String file) throws IOException {
    byte[] model = Files.readAllBytes(Shared.require("cases/" + file));
    String name = "mutant" + file.substring(file.lastIndexOf('.'));
    for (int seed = 0; seed < mutants; seed++) {
      byte[] mutant = DamagedFiles.mutate(model, new Random(seed));
      String shown = "mutant " + seed;
      assertTimeoutPreemptively(LIMIT, () -> check(name, mutant, shown), () -> shown);
    }
  }

  @Test
  void aDamagedArchiveIsOfTheFormatOfItsName() {
    byte[] cut = new byte[100];
    System.arraycopy(new byte[] {'P', 'K', 3, 4}, 0, cut, 0, 4);

    assertThatThrownBy(() -> ModelImporter.read("net.keras", cut))
        .hasMessage(
            "net.keras: zip directory: is missing, so the file is cut off; the file is damaged or"
                + " was not written by Keras: save the model again");
    assertThatThrownBy(() -> ModelImporter.read("net.pt2", cut))
        .hasMessageStartingWith("net.pt2: ")
        .hasMessageEndingWith(
            "; the file is damaged or no torch.export archive: export the model again");
  }

  static void check(String name, byte[] mutant, String shown) {
    long before = allocated();
    try {
      ModelImporter.read(name, mutant);
    } catch (ModelException e) {
      assertThat(e.getMessage())
          .as(shown)
          .matches("(?s)" + name.replace(".", "\\.") + ": (.+: .+; .+|.+ not supported:\n.+)");
    } catch (RuntimeException | Error e) {
      throw new AssertionError(shown, e);
    }
    assertThat(allocated() - before).as(shown).isLessThan(MAX_ALLOCATED_BYTES);
  }

  /** The bytes that this thread has allocated so far. */
  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }
}
