package dev.thimble.toolchain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.codegen.GoldenGraph;
import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.Origin;
import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomGraphs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces written by hand. */
class TargetComparisonTest {
  private static final int OUTPUT = 0x80000000;
  private static final int RETURN_CODE = 0xC0000000;
  private static final GoldenGraph GOLDEN = GoldenGraph.of("conv_relu");

  private final Graph graph = GOLDEN.graph();
  private final Value conv = graph.outputs().getFirst();
  private final Map<Value, Tensor> expected =
      Evaluator.values(
          graph,
          Map.of(graph.inputs().getFirst(), RandomGraphs.inputs(graph, 1).getFirst()),
          Rounding.DOUBLE);
  private final byte[] right = TensorBytes.of(expected.get(conv));
  private final ByteArrayOutputStream trace = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @Test
  void aRightTraceIsEqual() throws IOException {
    record(0, 0, right);
    record(OUTPUT, 0, right);
    record(RETURN_CODE, 0, new byte[4]);
    try (TargetComparison comparison = compare()) {
      assertThat(comparison.result().difference()).isEmpty();
      // The stored value and the output.
      assertThat(comparison.valuesCompared()).isEqualTo(2);
    }
  }

  @Test
  void thePartsOfAValueMayComeInAnyOrder() throws IOException {
    record(0, 8, Arrays.copyOfRange(right, 8, 16));
    record(0, 0, Arrays.copyOf(right, 8));
    record(OUTPUT, 0, right);
    record(RETURN_CODE, 0, new byte[4]);
    assertThat(difference()).isNull();
  }

  @Test
  void theIndexOfADifferenceIsThatInTheWholeValue() throws IOException {
    byte[] part = Arrays.copyOfRange(right, 8, 16);
    part[3]++;
    record(0, 8, part);
    assertThat(difference())
        .isEqualTo(
            new Verification.Difference(
                0, "conv", 11, Byte.toString(right[11]), Byte.toString(part[3])));
  }

  @Test
  void noFileIsADifferenceEvenWhenTheProgramReturnsZero() throws IOException {
    try (TargetComparison comparison = comparison(0, "")) {
      comparison.compare(0, expected);
      assertThat(comparison.result().difference())
          .contains(new Verification.Difference(0, "(the trace)", 0, "all values", "no file"));
    }
  }

  @Test
  void anEarlyEndIsADifference() throws IOException {
    record(0, 0, right);
    assertThat(difference().got()).isEqualTo("an early end");
  }

  @Test
  void aLengthThatNothingHasIsAnEarlyEnd() throws IOException {
    trace.writeBytes(numbers(0, 0, -5));
    assertThat(difference().got()).isEqualTo("an early end");
  }

  @Test
  void bytesBeyondAValueAreADifference() throws IOException {
    record(0, 8, right);
    assertThat(difference())
        .isEqualTo(
            new Verification.Difference(0, "conv", 0, "16 bytes", "16 bytes from byte 8 on"));
  }

  @Test
  void aMissingOutputIsADifference() throws IOException {
    record(0, 0, right);
    record(RETURN_CODE, 0, new byte[4]);
    assertThat(difference())
        .isEqualTo(new Verification.Difference(0, "conv", 0, "an output", "nothing"));
  }

  @Test
  void aFailedRunIsExplained() throws IOException {
    assertThat(failed(68, "")).isEqualTo("a write before the arena");
    assertThat(failed(69, "")).isEqualTo("a write after the arena");
    assertThat(failed(70, "fault at 0x0\n")).isEqualTo("a fault of the processor: fault at 0x0");
    assertThat(failed(5, "x".repeat(9000))).hasSizeLessThan(2100).startsWith("exit code 5: x");
  }

  @Test
  void floatsMayDifferByAPartOfTheLargest() {
    Tensor source = Tensor.ofFloats(TensorType.float32(3), 1, -1000, Float.NaN);
    Expectation expectation =
        new Expectation("y", source.type(), source, new Origin("y", List.of()));
    assertThat(expectation.compare(0, floats(1.0099f, -1000.0099f, Float.NaN))).isEmpty();
    assertThat(expectation.compare(0, floats(1.02f)))
        .contains(new Expectation.Difference("y", 0, "1.0", "1.02"));
    assertThat(expectation.compare(1, floats(Float.NaN)))
        .contains(new Expectation.Difference("y", 1, "-1000.0", "NaN"));
    assertThat(expectation.compare(2, floats(0))).isPresent();
  }

  @Test
  void someChannelsAreComparedWithTheirPlacesInTheSource() {
    Tensor source = Tensor.ofInts(TensorType.int8(1, 0, 2, 3), 1, 2, 3, 4, 5, 6);
    Expectation expectation =
        new Expectation("y", TensorType.int8(1, 0, 2, 2), source, new Origin("y", List.of(2, 0)));
    assertThat(expectation.compare(0, new byte[] {3, 1, 6, 4})).isEmpty();
    assertThat(expectation.compare(2, new byte[] {6, 5}))
        .contains(new Expectation.Difference("y", 3, "4", "5"));
  }

  private static byte[] floats(float... values) {
    return TensorBytes.of(Tensor.ofFloats(TensorType.float32(values.length), values));
  }

  private void record(int id, int offset, byte[] bytes) {
    trace.writeBytes(numbers(id, offset, bytes.length));
    trace.writeBytes(bytes);
  }

  private static byte[] numbers(int id, int offset, int length) {
    return ByteBuffer.allocate(12)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(id)
        .putInt(offset)
        .putInt(length)
        .array();
  }

  private Verification.Difference difference() throws IOException {
    try (TargetComparison comparison = compare()) {
      return comparison.result().difference().orElse(null);
    }
  }

  private TargetComparison compare() throws IOException {
    Files.write(folder.resolve("trace.bin"), trace.toByteArray());
    TargetComparison comparison = comparison(0, "");
    comparison.compare(0, expected);
    return comparison;
  }

  private String failed(int exitCode, String output) throws IOException {
    try (TargetComparison comparison = comparison(exitCode, output)) {
      Verification.Difference found = comparison.result().difference().orElseThrow();
      assertThat(found.node()).isEqualTo("(the program)");
      assertThat(found.expected()).isEqualTo("exit code 0");
      return found.got();
    }
  }

  private TargetComparison comparison(int exitCode, String output) throws IOException {
    Subject subject = new Subject(folder, GOLDEN.program(), graph, graph, Rounding.DOUBLE);
    return new TargetComparison(
        "portable",
        OptionalInt.empty(),
        subject,
        folder.resolve("trace.bin"),
        new Command.Result(exitCode, output));
  }
}
