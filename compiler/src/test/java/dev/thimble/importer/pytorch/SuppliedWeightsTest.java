package dev.thimble.importer.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.graph.Evaluator;
import dev.thimble.importer.ImportOptions;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelException;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Samples;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.Examples;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights of a file of their own: what is used, and what is refused. */
class SuppliedWeightsTest {
  private static final float[] BIAS = {1, 2, 3, 4, 5, 6};

  @TempDir private Path folder;

  private static ImportedModel read(String model, Path weights) {
    return ModelImporter.read(
        Examples.file("pytorch/" + model), new ImportOptions(Map.of(), Optional.of(weights)));
  }

  private static void refuses(byte[] weights, String... words) {
    assertThatThrownBy(() -> SuppliedWeights.read("w.bin", weights))
        .isInstanceOf(ModelException.class)
        .message()
        .startsWith("w.bin: ")
        .contains(words);
  }

  /** A safetensors file of this header and these data. */
  private static byte[] safetensors(String header, float... data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + 4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text);
    for (float value : data) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  private static String tensor(String name, String type, String shape, int from, int to) {
    return "\"%s\": {\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": [%d, %d]}"
        .formatted(name, type, shape, from, to);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gru_other.pth", "gru_other.safetensors"})
  void theNetworkComputesWhatPytorchDoesWithTheseWeights(String file) {
    ImportedModel model = read("gru.pt2", Examples.file("pytorch/" + file));
    List<List<Tensor>> inputs = samples("gru_input.npy", model.inputs());
    List<List<Tensor>> expected = samples("gru_other_output.npy", model.outputs());
    for (int i = 0; i < inputs.size(); i++) {
      float[] found =
          Evaluator.outputs(model.program().entry(), inputs.get(i), Rounding.DOUBLE)
              .getFirst()
              .floats();
      float[] wanted = expected.get(i).getFirst().floats();
      for (int j = 0; j < wanted.length; j++) {
        assertThat(Math.abs(found[j] - wanted[j])).isLessThan(1e-5f);
      }
    }
  }

  private static List<List<Tensor>> samples(String file, List<dev.thimble.importer.IoInfo> ports) {
    return Samples.readSource(List.of(Examples.file("pytorch/" + file).toString()), ports);
  }

  @Test
  void otherWeightsMakeAnotherModelForWhoeverComparesHashes() {
    String own = ModelImporter.read(Examples.file("pytorch/gru.pt2")).sha256();
    String other = read("gru.pt2", Examples.file("pytorch/gru_other.pth")).sha256();
    String another = read("gru.pt2", Examples.file("pytorch/gru_other.safetensors")).sha256();
    assertThat(List.of(own, other, another)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "lenet_torchscript.onnx, gru_other.pth",
    "lenet.pt2, gru_other.safetensors",
    "resnet8.pt2, lenet.pt2"
  })
  void everyWeightThatIsMissingOrUnknownIsListed(String model, String weights) {
    assertThatThrownBy(() -> read(model, Examples.file("pytorch/" + weights)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("findings among the weights:")
        .hasMessageContaining("found nothing; the model has float32[")
        .hasMessageContaining("the model has no weight of this name")
        .hasMessageContaining("remedy: give the weights of this very model");
  }

  @Test
  void shapesAndTypesThatDifferAreListedTogether() throws IOException {
    Path file = folder.resolve("w.safetensors");
    Files.write(
        file,
        safetensors(
            "{"
                + tensor("conv1.bias", "F32", "[2, 3]", 0, 24)
                + ","
                + tensor("conv2.bias", "I32", "[16]", 24, 88)
                + "}",
            Arrays.copyOf(BIAS, 22)));
    for (String model : List.of("lenet.pt2", "lenet_dynamo.onnx")) {
      assertThatThrownBy(() -> read(model, file))
          .hasMessageContaining("10 findings")
          .hasMessageContaining(
              "weight 'conv1.bias': found float32[2, 3]; the model has float32[6]")
          .hasMessageContaining("weight 'conv2.bias': found int32[16]; the model has float32[16]")
          .hasMessageContaining(
              "weight 'fc3.weight': found nothing; the model has float32[10, 84]");
    }
  }

  @Test
  void safetensorsAreReadWithMetadataAndEmptyTensors() {
    assertThatCode(() ->
            SuppliedWeights.read(
                "w",
                safetensors(
                    "{\"__metadata__\": {\"format\": \"pt\"}, "
                        + tensor("a", "F32", "[0, 7]", 0, 0)
                        + ", "
                        + tensor("b", "F32", "[]", 0, 4)
                        + "}   ",
                    1)))
        .doesNotThrowAnyException();
  }

  @Test
  void headersOfSafetensorsThatLieAreRefused() {
    refuses(safetensors("{" + tensor("a", "F32", "[6]", 0, 20) + "}", BIAS), "from 0 to 20");
    refuses(safetensors("{" + tensor("a", "F32", "[7]", 0, 28) + "}", BIAS), "of the 24 in");
    refuses(safetensors("{" + tensor("a", "F32", "[6]", -4, 20) + "}", BIAS), "from -4 to 20");
    refuses(
        safetensors(
            "{" + tensor("a", "F32", "[4]", 0, 16) + "," + tensor("b", "F32", "[4]", 8, 24) + "}",
            BIAS),
        "header.'b': begins at byte 8, inside of another tensor");
    refuses(
        safetensors(
            "{" + tensor("a", "F32", "[2]", 0, 8) + "," + tensor("b", "F32", "[2]", 16, 24) + "}",
            BIAS),
        "leaves a gap from byte 8 to byte 16");
    refuses(safetensors("{" + tensor("a", "F32", "[5]", 0, 20) + "}", BIAS), "the file has 24");
    refuses(
        safetensors("{" + tensor("a", "F32", "[2147483647, 2147483647, 4]", 0, 24) + "}", BIAS),
        "header.a");
    refuses(safetensors("{" + tensor("a", "F32", "[-1]", 0, 0) + "}", BIAS), "is no extent");
    refuses(safetensors("{" + tensor("a", "F4", "[6]", 0, 24) + "}", BIAS), "elements of 'F4'");
    refuses(
        safetensors(
            "{" + tensor("a", "F32", "[6]", 0, 24) + "," + tensor("a", "F32", "[6]", 0, 24) + "}",
            BIAS),
        "header: is no JSON");
    refuses(safetensors("{\"a\": 3}", BIAS), "header.a: is no object");
    refuses(safetensors("{\"a\"", BIAS), "header: is no JSON");
    refuses(safetensors("{\"a\":".repeat(10_000), BIAS), "header: is no JSON");
    refuses(safetensors("{}"), "holds no tensors");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40, 1000})
  void lengthsOfHeadersThatLieAreRefused(long length) {
    byte[] bytes = safetensors("{" + tensor("a", "F32", "[6]", 0, 24) + "}", BIAS);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    refuses(bytes, "header: has " + Long.toUnsignedString(length) + " bytes, the file has room");
  }

  @Test
  void picklesThatNameForeignFunctionsOrLieOfTheirStoragesAreRefused() {
    byte[] state = Examples.bytes("pytorch/gru_other.pth");
    Map<String, byte[]> entries = HostileArchivesTest.entries(state);
    String data = entries.keySet().stream().filter(n -> n.endsWith("/data/0")).findFirst().get();
    String pickle = data.replace("data/0", "data.pkl");
    byte[] sound = entries.get(pickle);
    entries.put(pickle, "\u0080\u0002cos\nsystem\n(tR.".getBytes(StandardCharsets.ISO_8859_1));
    refuses(HostileArchivesTest.zip(entries), "'os.system'", "nothing of it has been executed");
    entries.put(pickle, "\u0080\u0002}.".getBytes(StandardCharsets.ISO_8859_1));
    refuses(HostileArchivesTest.zip(entries), "holds no tensors by names");
    entries.put(pickle, sound);
    entries.computeIfPresent(data, (name, bytes) -> Arrays.copyOf(bytes, bytes.length / 2));
    refuses(HostileArchivesTest.zip(entries), "data/0", "too few for");
    refuses(new byte[] {1, 2, 3}, "neither a zip of torch.save nor safetensors");
    refuses(Arrays.copyOf(state, state.length / 2), "without a directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gru_other.pth", "gru_other.safetensors"})
  void damagedFilesAreReadOrRefusedWithAMessage(String name) {
    byte[] bytes = Examples.bytes("pytorch/" + name);
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 300; round++) {
      byte[] damaged = bytes.clone();
      for (int i = 0; i < 3; i++) {
        // What tells the rest stands at the beginning of one format and at the end of the other.
        int near = random.nextInt(Math.min(1000, damaged.length));
        damaged[round % 2 == 0 ? near : damaged.length - 1 - near] = (byte) random.nextInt(256);
      }
      try {
        SuppliedWeights.read("w", damaged);
      } catch (ModelException e) {
        assertThat(e).hasMessageStartingWith("w: ");
      }
    }
  }

  @Test
  void weightsGivenAsTheModelAreAnsweredWithHowToExport() {
    assertThatThrownBy(() -> ModelImporter.read(Examples.file("pytorch/gru_other.safetensors")))
        .hasMessageContaining("or give them with --weights to a model of the same names")
        .hasMessageContaining(
            "safetensors.torch.load_model(model, \"gru_other.safetensors\"); model.eval()")
        .hasMessageContaining("torch.export.save(program, \"gru_other.pt2\")");
    assertThatThrownBy(() -> ModelImporter.read(Examples.file("pytorch/gru_other.pth")))
        .hasMessageContaining("model.load_state_dict(torch.load(\"gru_other.pth\")); model.eval()");
  }

  @Test
  void formatsWithWeightsOfTheirOwnTakeNone() {
    byte[] tflite = new byte[16];
    System.arraycopy("TFL3".getBytes(StandardCharsets.US_ASCII), 0, tflite, 4, 4);
    assertThatThrownBy(
            () -> {
              Path model = Files.write(folder.resolve("m.tflite"), tflite);
              ModelImporter.read(
                  model,
                  new ImportOptions(
                      Map.of(), Optional.of(Examples.file("pytorch/gru_other.safetensors"))));
            })
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--weights is for ONNX and PyTorch");
  }
}
