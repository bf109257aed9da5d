package dev.thimble.importer.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Value;
import dev.thimble.importer.ModelImporter;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeedsTest {
  private static final Pattern GOLDEN =
      Pattern.compile(
          "\"([123])\": \\{\\s*\"input_crc32\": \"([0-9a-f]{8})\",\\s*\"input_first8\":"
              + " \\[([^]]*)]");

  @ParameterizedTest
  @CsvSource({
    "kws, kws/kws_ref_model_int8",
    "ad, ad/ad01_int8",
    "ic, ic/pretrainedResnet_int8",
    "vww, vww/vww_96_int8"
  })
  void samplesAreThoseOfTheGoldens(String golden, String model) throws IOException {
    List<Value> inputs =
        ModelImporter.read(Shared.require("cases/01_mlperf_tiny/" + model + ".tflite"))
            .program()
            .entry()
            .inputs();
    Matcher seeds = GOLDEN.matcher(Files.readString(Shared.require("golden/" + golden + ".json")));
    int found = 0;
    for (; seeds.find(); found++) {
      Tensor sample = Seeds.sample(Integer.parseInt(seeds.group(1)), inputs).getFirst();
      int[] first =
          Arrays.stream(seeds.group(3).split(","))
              .mapToInt(number -> Integer.parseInt(number.strip()))
              .toArray();
      assertThat(Arrays.copyOf(sample.ints(), 8)).containsExactly(first);
      CRC32 crc = new CRC32();
      Arrays.stream(sample.ints()).forEach(crc::update);
      assertThat(crc.getValue()).isEqualTo(Long.parseLong(seeds.group(2), 16));
    }
    assertThat(found).isEqualTo(3);
  }

  @Test
  void drawingContinuesFromInputToInputInEveryType() {
    List<Value> inputs =
        List.of(
            new Value("a", TensorType.int8(1, 0, 1)),
            value("b", DType.UINT8),
            value("c", DType.INT16),
            value("d", DType.INT32),
            value("e", DType.FLOAT32));
    List<Tensor> sample = Seeds.sample(1, inputs);
    int[] states = new int[5];
    for (int i = 0, x = 1; i < 5; i++) {
      x = x * 1664525 + 1013904223;
      states[i] = x;
    }
    assertThat(sample.get(0).ints()).containsExactly((byte) (states[0] >> 24));
    assertThat(sample.get(1).ints()).containsExactly(states[1] >>> 24);
    assertThat(sample.get(2).ints()).containsExactly((short) (states[2] >> 16));
    assertThat(sample.get(3).ints()).containsExactly(states[3] >> 8);
    assertThat(sample.get(4).floats()).containsExactly((float) (states[4] / 2147483648.0));
  }

  private static Value value(String name, DType dtype) {
    return new Value(name, new TensorType(dtype, Shape.of(1), QuantParams.NONE));
  }
}
