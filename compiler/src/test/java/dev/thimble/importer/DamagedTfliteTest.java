package dev.thimble.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.thimble.testing.DamagedFiles;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files end in an error with a place, or in a graph; never otherwise, and soon. */
class DamagedTfliteTest {
  private static final int MUTANTS = 500;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01_mlperf_tiny/kws/kws_ref_model_int8.tflite",
        "02_tflite/tflm/hello_world_int8.tflite",
        "02_tflite/esphome/v2_vad.tflite",
        "02_tflite/silabs/fingerprint_signature_generator.tflite",
        "08_kernel_vectors/seanet/pad/pad0.tflite",
        "09_op_conformance/glow_tflite/mean_multiple_axis_keep_dims.tflite"
      })
  void damagedFilesNeverCrashTheImporter(String file) throws IOException {
    byte[] model = Files.readAllBytes(Shared.require("cases/" + file));
    for (int seed = 0; seed < MUTANTS; seed++) {
      byte[] mutant = DamagedFiles.mutate(model, new Random(seed));
      int shown = seed;
      assertTimeoutPreemptively(
          Duration.ofSeconds(10), () -> check(mutant, shown), () -> "mutant " + shown);
    }
  }

  private static void check(byte[] mutant, int seed) {
    try {
      ModelImporter.read("mutant.tflite", mutant);
    } catch (ModelException e) {
      assertThat(e.getMessage())
          .as("mutant %d", seed)
          .matches("(?s)mutant\\.tflite: (.+: .+; .+|\\d+ of \\d+ operators.* not supported:\n.+)");
    } catch (RuntimeException | Error e) {
      throw new AssertionError("mutant " + seed, e);
    }
  }
}
