package dev.thimble.conformance;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.importer.data.Seeds;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.Requires;
import dev.thimble.testing.TfliteWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.ConcatenationOptionsT;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.StridedSliceOptionsT;

/** Networks in which rows stream through slices and joins, so that they share memory with maps. */
class MovementProgramsTest {
  @TempDir Path folder;

  /** The pools make and read the rows, of which slices skip some at both ends and in between. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void rowsStreamThroughSlicesAndJoins(boolean floats) throws IOException {
    Requires.command("gcc");
    TfliteWriter writer = new TfliteWriter();
    tensor(floats, writer, "in", 1, 24, 9, 4).input("in");
    tensor(floats, writer, "pooled", 1, 23, 8, 4);
    tensor(floats, writer, "even", 1, 10, 8, 4);
    tensor(floats, writer, "odd", 1, 10, 8, 3);
    tensor(floats, writer, "joined", 1, 10, 8, 11);
    tensor(floats, writer, "last", 1, 8, 8, 11);
    tensor(floats, writer, "out", 1, 7, 7, 11).output("out");
    writer.pool(BuiltinOperator.MAX_POOL_2D, "in", "pooled", 2, 1, Padding.VALID);
    slice(writer, "even", "pooled", new int[] {0, 2, 0, 0}, new int[] {1, 22, 8, 4}, 2);
    slice(writer, "odd", "pooled", new int[] {0, 3, 0, 1}, new int[] {1, 23, 8, 4}, 2);
    ConcatenationOptionsT join = new ConcatenationOptionsT();
    join.setAxis(3);
    writer.operator(
        BuiltinOperator.CONCATENATION,
        BuiltinOptions.ConcatenationOptions,
        join,
        List.of("even", "odd", "even"),
        List.of("joined"));
    slice(writer, "last", "joined", new int[] {0, 2, 0, 0}, new int[] {1, 10, 8, 11}, 1);
    writer.pool(BuiltinOperator.AVERAGE_POOL_2D, "last", "out", 2, 1, Padding.VALID);
    Path model = folder.resolve("rows.tflite");
    Files.write(model, writer.bytes());
    Compilation compilation = WrittenProgram.compile(model, CompileOptions.DEFAULTS);
    List<List<Tensor>> samples =
        IntStream.rangeClosed(1, 3)
            .mapToObj(seed -> Seeds.sample(seed, compilation.imported().inputs()))
            .toList();
    try (WrittenProgram program = WrittenProgram.of(compilation)) {
      program.assertEqual(samples, true, Target.PORTABLE);
    }
  }

  private static TfliteWriter tensor(
      boolean floats, TfliteWriter writer, String name, int... shape) {
    return floats ? writer.float32(name, shape) : writer.int8(name, 0.5f, 3, shape);
  }

  private static void slice(
      TfliteWriter writer, String to, String from, int[] begin, int[] end, int rows) {
    writer.int32(to + "_begin", 4).data(to + "_begin", begin);
    writer.int32(to + "_end", 4).data(to + "_end", end);
    writer.int32(to + "_steps", 4).data(to + "_steps", new int[] {1, rows, 1, 1});
    writer.operator(
        BuiltinOperator.STRIDED_SLICE,
        BuiltinOptions.StridedSliceOptions,
        new StridedSliceOptionsT(),
        List.of(from, to + "_begin", to + "_end", to + "_steps"),
        List.of(to));
  }
}
