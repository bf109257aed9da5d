package dev.thimble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Value;
import dev.thimble.importer.data.Samples;
import dev.thimble.importer.data.Seeds;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NpyWriterTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(DType.class)
  void whatIsWrittenReadsBackAsSamples(DType dtype) throws IOException {
    Value port = new Value("x", TensorType.of(dtype, Shape.of(1, 3, 2)));
    List<Tensor> tensors =
        IntStream.range(1, 5)
            .mapToObj(seed -> Seeds.sample(seed, List.of(port)).getFirst())
            .toList();
    Path file = folder.resolve("x.npy");
    NpyWriter.write(file, tensors);
    List<List<Tensor>> samples = Samples.read(List.of(file.toString()), List.of(port));
    assertThat(samples.stream().map(List::getFirst)).containsExactlyElementsOf(tensors);
  }

  @Test
  void theHeaderIsOneThatNumpyReads() throws IOException {
    Tensor tensor = Tensor.ofInts(TensorType.int8(1, 0, 1, 3), 1, 2, 3);
    byte[] bytes = write(List.of(tensor, tensor));
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertThat(text)
        .startsWith(
            "\u0093NUMPY\u0001\u0000v\u0000"
                + "{'descr': '|i1', 'fortran_order': False, 'shape': (2,3,)}")
        .endsWith(" \n\u0001\u0002\u0003\u0001\u0002\u0003");
    assertThat(bytes).hasSize(128 + 6);
  }

  @Test
  void aScalarAndManyAxesHaveHeadersToo() throws IOException {
    Tensor scalar = Tensor.ofFloats(TensorType.of(DType.FLOAT32, Shape.SCALAR), 1);
    assertThat(new String(write(List.of(scalar)), StandardCharsets.ISO_8859_1))
        .contains("'shape': (1,)}");
    int[] dims = new int[60];
    Arrays.fill(dims, 1);
    byte[] bytes = write(List.of(Tensor.ofFloats(TensorType.float32(dims), 1)));
    assertThat(bytes.length % 64).isEqualTo(4);
  }

  private byte[] write(List<Tensor> tensors) throws IOException {
    Path file = folder.resolve("x.npy");
    NpyWriter.write(file, tensors);
    return Files.readAllBytes(file);
  }
}
