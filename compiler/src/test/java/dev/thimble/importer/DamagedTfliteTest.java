package dev.thimble.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.thimble.testing.Shared;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
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
      byte[] mutant = mutate(model, new Random(seed));
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

  /** Half of all damage falls on the tables, which lie at the file's ends. */
  private static byte[] mutate(byte[] model, Random random) {
    byte[] mutant = model.clone();
    ByteBuffer words = ByteBuffer.wrap(mutant).order(ByteOrder.LITTLE_ENDIAN);
    int kind = random.nextInt(5);
    if (kind == 0) {
      return Arrays.copyOf(mutant, random.nextInt(mutant.length));
    }
    int times = 1 + random.nextInt(8);
    for (int i = 0; i < times; i++) {
      int at = place(mutant.length - 8, random);
      switch (kind) {
        case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> words.putInt(at & ~3, random.nextInt());
        case 3 -> words.putInt(at & ~3, random.nextInt(-64, 4 * mutant.length));
        default -> Arrays.fill(mutant, at, at + random.nextInt(8), (byte) 0);
      }
    }
    return mutant;
  }

  private static int place(int length, Random random) {
    int near = Math.min(length, 4096);
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(near);
      case 1 -> length - 1 - random.nextInt(near);
      default -> random.nextInt(length);
    };
  }
}
