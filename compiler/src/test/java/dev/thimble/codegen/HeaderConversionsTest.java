package dev.thimble.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.op.Dequantize;
import dev.thimble.op.Quantize;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.Schedule;
import dev.thimble.schedule.Strategy;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The header's inline conversions, compiled and run, against the ops' reference evaluation. */
class HeaderConversionsTest {
  private static final String MAIN =
      """
      #include <stdio.h>
      #include <string.h>
      #include "net.h"

      int main(void) {
        uint32_t bits;
        for (int i = -128; i < 128; ++i) {
          float real = net_dequantize_output_0((int8_t)i);
          memcpy(&bits, &real, sizeof bits);
          printf("%08x\\n", (unsigned)bits);
        }
        while (scanf("%x", &bits) == 1) {
          float real;
          memcpy(&real, &bits, sizeof real);
          printf("%d\\n", net_quantize_input_0(real));
        }
        return 0;
      }
      """;

  @ParameterizedTest
  @CsvSource({
    "0.00390625, -128",
    "0.05, 3",
    "0.0235294122, 127",
    "1, 0",
    "3.4e38, 0",
    "1e-38, 5",
    "1e-45, -5"
  })
  void conversionsEqualTheOps(float scale, int zeroPoint, @TempDir Path folder) throws Exception {
    TensorType stored = TensorType.int8(scale, zeroPoint, 1);
    List<Float> reals = boundaries(scale, zeroPoint);
    List<String> expected = new ArrayList<>();
    for (int i = -128; i < 128; i++) {
      Tensor back =
          new Dequantize()
              .evaluate(List.of(Tensor.ofInts(stored, i)), TensorType.float32(1), Rounding.DOUBLE);
      expected.add(String.format("%08x", Float.floatToRawIntBits(back.floats()[0])));
    }
    StringBuilder input = new StringBuilder();
    for (float real : reals) {
      Tensor tensor = Tensor.ofFloats(TensorType.float32(1), real);
      expected.add(
          Integer.toString(
              new Quantize().evaluate(List.of(tensor), stored, Rounding.DOUBLE).ints()[0]));
      input.append(Integer.toHexString(Float.floatToRawIntBits(real))).append('\n');
    }
    List<String> lines = run(folder, stored, input.toString());
    assertThat(lines).hasSameSizeAs(expected);
    for (int i = 0; i < lines.size(); i++) {
      String what = i < 256 ? "stored " + (i - 128) : "real " + reals.get(i - 256);
      assertThat(lines.get(i)).as(what).isEqualTo(expected.get(i));
    }
  }

  /** Around every tie between two stored numbers, at the ends of the range, and what is special. */
  private static List<Float> boundaries(float scale, int zeroPoint) {
    List<Float> reals = new ArrayList<>();
    for (int twice = -520; twice <= 520; twice++) {
      float real = (twice / 2f - zeroPoint) * scale;
      reals.addAll(List.of(Math.nextDown(real), real, Math.nextUp(real)));
    }
    for (float large : new float[] {512, 65535.5f, 65536, 131071.9f, 131072, 2.2e9f, 3e38f}) {
      reals.addAll(List.of(large * scale, -large * scale));
    }
    reals.addAll(
        List.of(
            0f,
            -0f,
            Float.MIN_VALUE,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.NaN));
    return reals;
  }

  @Test
  void everyQuantisedElementTypeConverts() {
    for (DType dtype : List.of(DType.INT8, DType.UINT8, DType.INT16)) {
      String header = header(type(dtype));
      assertThat(header)
          .contains(
              "static inline " + dtype.cName() + " net_quantize_input_0(float real)",
              "whole < " + dtype.minValue() + " ? " + dtype.minValue(),
              "whole > " + dtype.maxValue() + " ? " + dtype.maxValue());
    }
    assertThat(header(type(DType.INT32)))
        .contains("NET_INPUT_0_SCALE", "NET_INPUT_0_ZERO_POINT")
        .doesNotContain("quantize");
    assertThat(header(TensorType.float32(1))).doesNotContain("quantize", "SCALE");
  }

  private static TensorType type(DType dtype) {
    return new TensorType(dtype, Shape.of(1), new QuantParams.PerTensor(0.5f, 1));
  }

  private static String header(TensorType type) {
    Value value = new Value("x", type);
    Graph graph = new Graph("net", List.of(value), Map.of(), List.of(), List.of(value), Map.of());
    MemoryPlan plan =
        new MemoryPlan(
            Strategy.NAIVE,
            new Schedule(graph, List.of()),
            List.of(),
            Map.of(),
            Map.of(),
            OptionalLong.empty(),
            16,
            16,
            "none");
    CName name = new CName("net");
    ProfileHooks hooks = new ProfileHooks(name, false);
    return HeaderFile.write(name, "a test", plan, new ArenaMemory(plan), hooks, 0);
  }

  private static List<String> run(Path folder, TensorType type, String input)
      throws IOException, InterruptedException {
    Path gcc = Requires.command("gcc");
    Files.writeString(folder.resolve("net.h"), header(type));
    Files.writeString(folder.resolve("main.c"), MAIN);
    Files.writeString(folder.resolve("input.txt"), input);
    execute(
        folder,
        List.of(
            gcc.toString(),
            "-std=c99",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-Wconversion",
            "-fsanitize=undefined,float-cast-overflow",
            "-fno-sanitize-recover=all",
            "main.c",
            "-o",
            "main"));
    return execute(folder, List.of(folder.resolve("main").toString())).lines().toList();
  }

  private static String execute(Path folder, List<String> command)
      throws IOException, InterruptedException {
    Path input = folder.resolve("input.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(input.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
