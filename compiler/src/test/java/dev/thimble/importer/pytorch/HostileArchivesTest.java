package dev.thimble.importer.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.importer.ModelException;
import dev.thimble.importer.ModelImporter;
import dev.thimble.testing.Examples;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that lie: all are refused with the place, and nothing in them is executed. */
class HostileArchivesTest {
  private static final String FLAT = "pytorch/lenet_torch2.7.pt2";
  private static final String GRAPH = "serialized_exported_program.json";
  private static final String STATE = "serialized_state_dict.pt";

  static Map<String, byte[]> entries(byte[] bytes) {
    try {
      var file = java.nio.file.Files.createTempFile("archive", ".zip");
      java.nio.file.Files.write(file, bytes);
      Map<String, byte[]> entries = new LinkedHashMap<>();
      try (ZipFile zip = new ZipFile(file.toFile())) {
        for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
          entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
        }
      }
      java.nio.file.Files.delete(file);
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] zip(Map<String, byte[]> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        new ByteArrayInputStream(entry.getValue()).transferTo(zip);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void refuses(byte[] archive, String... words) {
    assertThatThrownBy(() -> ModelImporter.read("net.pt2", archive))
        .isInstanceOf(ModelException.class)
        .message()
        .startsWith("net.pt2: ")
        .contains(words);
  }

  private static byte[] withGraph(UnaryOperator<String> change) {
    Map<String, byte[]> entries = entries(Examples.bytes(FLAT));
    String json = new String(entries.get(GRAPH), StandardCharsets.UTF_8);
    entries.put(GRAPH, change.apply(json).getBytes(StandardCharsets.UTF_8));
    return zip(entries);
  }

  private static byte[] withPickle(byte[] pickle) {
    Map<String, byte[]> entries = entries(Examples.bytes(FLAT));
    Map<String, byte[]> state = entries(entries.get(STATE));
    state.put("archive/data.pkl", pickle);
    entries.put(STATE, zip(state));
    return zip(entries);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void anArchiveThatIsPackedAnewIsRead() {
    assertThatCode(() -> ModelImporter.read("net.pt2", withGraph(json -> json)))
        .doesNotThrowAnyException();
  }

  @Test
  void aPickleThatNamesAForeignFunctionIsRefused() {
    refuses(
        withPickle(ascii("\u0080\u0002cos\nsystem\n(X\u0004\0\0\0truetR.")),
        "data.pkl",
        "'os.system'",
        "nothing of it has been executed");
    refuses(
        withPickle(
            ascii("\u0080\u0004\u008c\u0008builtins\u008c\u0004eval\u0093(X\u0001\0\0\0" + "1tR.")),
        "'builtins.eval'");
  }

  @Test
  void picklesThatEndEarlyOrTakeWhatIsNotThereAreRefused() {
    refuses(withPickle(ascii("\u0080\u0002}q\0(X")), "data.pkl");
    refuses(withPickle(ascii("\u0080\u0002R.")), "data.pkl");
    refuses(withPickle(ascii("\u0080\u0002h\u0007.")), "reads value 7");
    refuses(
        withPickle(ascii("\u0080\u0002X\u00ff\u00ff\u00ff\u007f.")), "text of 2147483647 bytes");
    refuses(withPickle(ascii("\u0080\u0002K\u0001.")), "no dictionary of tensors");
  }

  @Test
  void aPickleThatContainsItselfIsNoTrap() {
    refuses(withPickle(ascii("\u0080\u0002}q\0X\u0001\0\0\0ah\0s.")), "has no weights");
    refuses(withPickle(ascii("\u0080\u0002]q\0h\0a.")), "no dictionary of tensors");
  }

  @Test
  void weightsThatAreTooShortAreRefused() {
    Map<String, byte[]> entries = entries(Examples.bytes(FLAT));
    Map<String, byte[]> state = entries(entries.get(STATE));
    state.computeIfPresent("archive/data/0", (name, data) -> Arrays.copyOf(data, data.length - 4));
    entries.put(STATE, zip(state));
    refuses(zip(entries), "archive/data/0", "596 bytes, too few for 150 of float32");

    Map<String, byte[]> raw = entries(Examples.bytes("pytorch/lenet.pt2"));
    raw.computeIfPresent(
        "lenet/data/weights/weight_0", (name, data) -> Arrays.copyOf(data, data.length / 2));
    refuses(zip(raw), "'conv1.weight'", "needs 600 bytes, its storage has 300");
  }

  @Test
  void jsonThatIsDamagedOrDeepIsRefused() {
    refuses(withGraph(json -> json.substring(0, json.length() / 2)), GRAPH, "is no JSON");
    refuses(withGraph(json -> "[".repeat(100_000)), GRAPH, "is no JSON");
    refuses(withGraph(json -> "{}"), "schema_version");
    refuses(withGraph(json -> json.replace("\"major\": 8", "\"major\": 9")), "schema version 9");
    refuses(withGraph(json -> json.replace("\"name\": \"conv2d\"", "\"name\": \"relu\"")), "relu");
    refuses(
        withGraph(json -> json.replace("\"as_ints\": [2, 2]", "\"as_ints\": [-2, 2000000000]")),
        "aten.");
    refuses(withGraph(json -> json.replace("\"as_int\": 28", "\"as_int\": 99999999999")), "image");
  }

  @Test
  void pathsThatLeadOutOfTheArchiveAreRefused() {
    Map<String, byte[]> entries = entries(Examples.bytes(FLAT));
    entries.put("../../etc/passwd", new byte[0]);
    refuses(zip(entries), "leads out of the archive");
  }

  @Test
  void aZipBombIsRefusedBeforeItIsUnpacked() {
    Map<String, byte[]> entries = entries(Examples.bytes(FLAT));
    entries.put(GRAPH, new byte[100 << 20]);
    byte[] bomb = zip(entries);
    assertThat(bomb.length).isLessThan(1 << 20);
    refuses(bomb, GRAPH, "unpacks to far more bytes than the file has");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lenet_torch2.7", "lenet_torch2.8", "gru"})
  void damagedArchivesAreReadOrRefusedWithAMessage(String name) {
    byte[] bytes = Examples.bytes("pytorch/" + name + ".pt2");
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 60; round++) {
      byte[] damaged = bytes.clone();
      for (int i = 0; i < 3; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      byte[] cut = round % 4 == 0 ? Arrays.copyOf(damaged, random.nextInt(bytes.length)) : damaged;
      readOrRefuse(cut);
    }
  }

  @Test
  void graphsOfDamagedTextAreReadOrRefusedWithAMessage() {
    Map<String, byte[]> entries = entries(Examples.bytes("pytorch/gru.pt2"));
    byte[] json = entries.get("gru/models/model.json");
    SplittableRandom random = new SplittableRandom(2);
    String likely = "0123456789-\"{}[],:abcdefx";
    for (int round = 0; round < 200; round++) {
      byte[] damaged = json.clone();
      damaged[random.nextInt(json.length)] = (byte) likely.charAt(random.nextInt(likely.length()));
      entries.put("gru/models/model.json", damaged);
      readOrRefuse(zip(entries));
    }
  }

  private static void readOrRefuse(byte[] bytes) {
    try {
      ModelImporter.read("net.pt2", bytes);
    } catch (ModelException e) {
      assertThat(e).hasMessageStartingWith("net.pt2: ");
    }
  }

  @Test
  void otherFilesOfPytorchAreAnsweredWithHowToExport() {
    byte[] old = {
      (byte) 0x80, 2, (byte) 0x8a, 0x0a, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 1
    };
    assertThatThrownBy(() -> ModelImporter.read("dir/net.pth", old))
        .hasMessageContaining("holds weights, and not the network's graph")
        .hasMessageContaining("model.load_state_dict(torch.load(\"net.pth\")); model.eval()")
        .hasMessageContaining("torch.export.save(program, \"net.pt2\")");
    assertThatThrownBy(() ->
            ModelImporter.read("net.pth", zip(Map.of("net/data.pkl", ascii("\u0080\u0002}.")))))
        .hasMessageContaining("torch.export.export(model, (example_input,))");
    Map<String, byte[]> script = new LinkedHashMap<>();
    script.put("net/data.pkl", new byte[1]);
    script.put("net/constants.pkl", new byte[1]);
    assertThatThrownBy(() -> ModelImporter.read("net.pt", zip(script)))
        .hasMessageContaining("TorchScript");
  }
}
