package dev.thimble.importer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.graph.Value;
import dev.thimble.importer.IoInfo;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplesTest {
  private static final List<Value> INT8 =
      List.of(new Value("x", TensorType.int8(0.5f, 3, 1, 2, 3)));
  private static final List<Value> FLOAT = List.of(new Value("x", TensorType.float32(1, 2, 3)));

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void arraysOfEveryVersionAreRead(int version) throws IOException {
    Path file = write("a.npy", npy(version, "|i1", false, "(1, 2, 3)", bytes(1, -2, 3, 4, 5, 127)));
    assertThat(ints(Samples.read(file, INT8))).containsExactly(1, -2, 3, 4, 5, 127);
  }

  @Test
  void fortranOrderIsTurnedIntoRowMajorOrder() throws IOException {
    byte[] data = bytes(1, 4, 2, 5, 3, 6);
    Path file = write("a.npy", npy(1, "|i1", true, "(2, 3)", data));
    assertThat(ints(Samples.read(file, INT8))).containsExactly(1, 2, 3, 4, 5, 6);

    List<Value> cube = List.of(new Value("x", TensorType.int8(1, 0, 2, 3, 4)));
    byte[] columns = new byte[24];
    for (int i = 0; i < 24; i++) {
      int a = i / 12;
      int b = i / 4 % 3;
      int c = i % 4;
      columns[a + 2 * b + 6 * c] = (byte) i;
    }
    Path second = write("b.npy", npy(1, "|i1", true, "(2, 3, 4)", columns));
    int[] read = ints(Samples.read(second, cube));
    for (int i = 0; i < 24; i++) {
      assertThat(read[i]).isEqualTo(i);
    }
  }

  @Test
  void anAxisOfSamplesStandsInFrontOfTheShapeWithOrWithoutItsLeadingOne() throws IOException {
    byte[] data = new byte[12];
    assertThat(Samples.read(write("a.npy", npy(1, "|i1", false, "(2, 2, 3)", data)), INT8))
        .hasSize(2);
    assertThat(Samples.read(write("b.npy", npy(1, "|i1", false, "(2, 1, 2, 3)", data)), INT8))
        .hasSize(2);
    Path wrong = write("c.npy", npy(1, "|i1", false, "(3, 4)", data));
    assertThatThrownBy(() -> Samples.read(wrong, INT8))
        .isInstanceOf(DataException.class)
        .hasMessage(
            wrong
                + ": holds int8[3,4]; input 'x' takes [1,2,3] for one sample or [N,2,3] for N"
                + " samples");
  }

  @Test
  void numbersOfOtherTypesAreTakenWhereTheyStayExact() throws IOException {
    ByteBuffer doubles = ByteBuffer.allocate(48).order(ByteOrder.BIG_ENDIAN);
    doubles.asDoubleBuffer().put(new double[] {1, 0.5, -3, 1 << 24, 0, 2e-10f});
    Path exact = write("a.npy", npy(1, ">f8", false, "(2, 3)", doubles.array()));
    assertThat(Samples.read(exact, FLOAT).getFirst().getFirst().floats())
        .containsExactly(1, 0.5f, -3, 1 << 24, 0, 2e-10f);

    doubles.asDoubleBuffer().put(new double[] {1, 0.1});
    Path inexact = write("b.npy", npy(1, ">f8", false, "(2, 3)", doubles.array()));
    assertThatThrownBy(() -> Samples.read(inexact, FLOAT))
        .hasMessage(
            inexact
                + ": element 1, 0.1, is not exact in float32, the type of input 'x'; save the array"
                + " as float32: array.astype(numpy.float32)");

    ByteBuffer longs = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    longs.asLongBuffer().put(new long[] {1, -128, 127, 0, 5, 128});
    Path wide = write("c.npy", npy(1, "<i8", false, "(2, 3)", longs.array()));
    assertThatThrownBy(() -> Samples.read(wide, INT8))
        .hasMessage(wide + ": element 5, 128, lies outside int8, the type of input 'x'");
    longs.putLong(40, (1L << 24) + 1);
    Path odd = write("d.npy", npy(1, "<i8", false, "(2, 3)", longs.array()));
    assertThatThrownBy(() -> Samples.read(odd, FLOAT))
        .hasMessageContaining("element 5, 16777217, is not exact in float32");
  }

  @Test
  void floatsForAnInt8InputAreRefusedWithTheExpressionThatQuantises() throws IOException {
    Path file = write("a.npy", npy(1, "<f4", false, "(2, 3)", new byte[24]));
    assertThatThrownBy(() -> Samples.read(file, INT8))
        .hasMessage(
            file
                + ": holds float32, input 'x' takes int8; quantise first: numpy.clip(numpy.round(x"
                + " / 0.5) + 3, -128, 127).astype(numpy.int8)");
  }

  @Test
  void damagedArraysNeverCrashTheReader() throws IOException {
    byte[] good = npy(1, "<f4", false, "(2, 3)", new byte[24]);
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      byte[] bad = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      Path file = write("bad.npy", bad);
      try {
        Samples.read(file, FLOAT);
      } catch (DataException e) {
        assertThat(e).hasMessageStartingWith(file + ": ");
      }
    }
  }

  @Test
  void archivesHaveAnArrayForEachInput() throws IOException {
    List<Value> inputs = List.of(INT8.getFirst(), new Value("scope/y:0", TensorType.int8(1, 0, 1)));
    Path file = folder.resolve("a.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("scope/y:0.npy"));
      zip.write(npy(1, "|i1", false, "(2,)", bytes(7, 8)));
      zip.putNextEntry(new ZipEntry("x.npy"));
      zip.write(npy(1, "|i1", false, "(2, 2, 3)", new byte[12]));
    }
    List<List<Tensor>> samples = Samples.read(file, inputs);
    assertThat(samples).hasSize(2);
    assertThat(samples.get(1).get(1).ints()).containsExactly(8);
    assertThatThrownBy(() -> Samples.read(file, List.of(new Value("z", TensorType.int8(1, 0, 1)))))
        .hasMessage(file + ": holds the arrays [scope/y:0, x], none named 'z'");
  }

  @Test
  void rawBytesAreAMultipleOfTheInput() throws IOException {
    Path file = write("a.bin", bytes(1, 2, 3, 4, 5, -6, 7, 8, 9, 10, 11, 12));
    List<List<Tensor>> samples = Samples.read(file, INT8);
    assertThat(samples).hasSize(2);
    assertThat(samples.get(0).getFirst().ints()).containsExactly(1, 2, 3, 4, 5, -6);
    Path wrong = write("b.bin", new byte[7]);
    assertThatThrownBy(() -> Samples.read(wrong, INT8))
        .hasMessage(wrong + ": has 7 bytes, input 'x' takes a multiple of 6: int8[1,2,3]");
    Path floats = write("c.bin", new byte[] {0, 0, (byte) 0x80, 0x3f});
    assertThat(
            Samples.read(floats, List.of(new Value("x", TensorType.float32(1))))
                .getFirst()
                .getFirst()
                .floats())
        .containsExactly(1);
  }

  @Test
  void severalInputsAreNamed() throws IOException {
    List<Value> inputs =
        List.of(
            new Value("a", TensorType.int8(1, 0, 1)), new Value("a=b", TensorType.int8(1, 0, 1)));
    Path one = write("one.bin", bytes(1, 2));
    Path two = write("two.bin", bytes(3, 4));
    List<List<Tensor>> samples = Samples.read(List.of("a=b=" + two, "a=" + one), inputs);
    assertThat(samples.get(1).get(0).ints()).containsExactly(2);
    assertThat(samples.get(1).get(1).ints()).containsExactly(4);
    assertThatThrownBy(() -> Samples.read(List.of("a=" + one), inputs))
        .hasMessage("input 'a=b' is not given; give NAME=DATA for each of 'a', 'a=b'");
    Path three = write("three.bin", bytes(5, 6, 7));
    assertThatThrownBy(() -> Samples.read(List.of("a=" + one, "a=b=" + three), inputs))
        .hasMessage("input 'a' has 2 samples, input 'a=b' has 3");
  }

  @Test
  void imagesKeepTheirPixels() throws IOException {
    BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(0, 0, 0, 100);
    grey.getRaster().setSample(1, 0, 0, 255);
    Path greyFile = folder.resolve("grey.png");
    ImageIO.write(grey, "png", greyFile.toFile());
    BufferedImage colour = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    colour.setRGB(0, 0, 0x010203);
    colour.setRGB(1, 0, 0xFF8000);
    Path colourFile = folder.resolve("colour.bmp");
    ImageIO.write(colour, "bmp", colourFile.toFile());
    Value rgb = new Value("x", TensorType.int8(1, 0, 1, 1, 2, 3));
    Value mono = new Value("x", TensorType.float32(1, 1, 2, 1));
    assertThat(ints(Samples.read(colourFile, List.of(rgb))))
        .containsExactly(-127, -126, -125, 127, 0, -128);
    assertThat(ints(Samples.read(greyFile, List.of(rgb))))
        .containsExactly(-28, -28, -28, 127, 127, 127);
    assertThat(Samples.read(greyFile, List.of(mono)).getFirst().getFirst().floats())
        .containsExactly(100 / 255f, 1);
    assertThatThrownBy(() -> Samples.read(colourFile, List.of(mono)))
        .hasMessage(
            colourFile
                + ": is in colour, input 'x' takes one channel; save it as grey, or add --grey");
    Value large = new Value("x", TensorType.float32(1, 4, 4, 1));
    assertThatThrownBy(() -> Samples.read(greyFile, List.of(large)))
        .hasMessage(
            greyFile
                + ": is 1 rows by 2 columns, input 'x' takes 4 by 4; scale the image first, or add"
                + " --resize");
  }

  @Test
  void imagesMayBeScaledAndMadeGrey() throws IOException {
    BufferedImage wide = new BufferedImage(4, 1, BufferedImage.TYPE_BYTE_GRAY);
    int[] grey = {0, 100, 200, 255};
    for (int x = 0; x < grey.length; x++) {
      wide.getRaster().setSample(x, 0, 0, grey[x]);
    }
    Path file = folder.resolve("wide.png");
    ImageIO.write(wide, "png", file.toFile());
    ImageFit fit = new ImageFit(true, true);
    assertThat(fitted(file, TensorType.int8(1, -128, 1, 1, 2, 1), fit))
        .containsExactly(71 - 128, 209 - 128);
    assertThat(fitted(file, TensorType.int8(1, -128, 1, 2, 4, 1), fit))
        .containsExactly(-128, -28, 72, 127, -128, -28, 72, 127);
    BufferedImage colour = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    colour.setRGB(0, 0, 0xFF8000);
    Path colourFile = folder.resolve("colour.bmp");
    ImageIO.write(colour, "bmp", colourFile.toFile());
    assertThat(fitted(colourFile, TensorType.int8(1, -128, 1, 1, 1, 1), fit))
        .containsExactly(151 - 128);
  }

  private static int[] fitted(Path file, TensorType type, ImageFit fit) {
    List<IoInfo> ports = List.of(IoInfo.sameLayout(new Value("x", type)));
    return Samples.readSource(List.of(file.toString()), ports, fit).getFirst().getFirst().ints();
  }

  @Test
  void soundIsReadAsItIs() throws IOException {
    ByteBuffer wav = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(40);
    wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(16000).putInt(32000);
    wav.putShort((short) 2).putShort((short) 16);
    wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(4);
    wav.putShort((short) -32768).putShort((short) 16384);
    Path file = write("a.wav", wav.array());
    Value floats = new Value("x", TensorType.float32(1, 2));
    Value shorts = new Value("x", TensorType.of(DType.INT16, Shape.of(2)));
    assertThat(Samples.read(file, List.of(floats)).getFirst().getFirst().floats())
        .containsExactly(-1, 0.5f);
    assertThat(ints(Samples.read(file, List.of(shorts)))).containsExactly(-32768, 16384);
    assertThatThrownBy(() -> Samples.read(file, FLOAT))
        .hasMessage(file + ": has 2 values, input 'x' of shape [1,2,3] takes 6");
  }

  @Test
  void foldersAreReadInTheOrderOfTheirNamesAndNameTheClasses() throws IOException {
    Files.createDirectories(folder.resolve("set/yes"));
    Files.createDirectories(folder.resolve("set/no"));
    write("set/yes/a.bin", bytes(1));
    write("set/no/b.bin", bytes(2));
    write("set/no/a.bin", bytes(3));
    write("set/no/.hidden", bytes(9));
    List<Value> inputs = List.of(new Value("x", TensorType.int8(1, 0, 1)));
    List<List<Tensor>> samples = Samples.read(folder.resolve("set"), inputs);
    assertThat(samples.stream().map(sample -> sample.getFirst().ints()[0]))
        .containsExactly(3, 2, 1);
    assertThat(Labels.read(folder.resolve("set"))).containsExactly(0, 0, 1);
    Path other = write("set/no/readme.txt", bytes(1));
    assertThatThrownBy(() -> Samples.read(folder.resolve("set"), inputs))
        .hasMessage(
            other + ": is of no known kind: .npy, .npz, .bin, .png, .jpg, .bmp and .wav are read");
    assertThatThrownBy(() -> Samples.read(List.of(""), inputs))
        .hasMessage("'' names no data; give a path, '.' for this folder");
    for (String name : List.of("absent", "absent.npy", "absent.bin", "absent.npz")) {
      Path absent = folder.resolve(name);
      assertThatThrownBy(() -> Samples.read(absent, inputs))
          .hasMessage(absent + ": does not exist");
    }
  }

  @Test
  void samplesOfAnArrayAreMadeWhenTheyAreAskedForAlsoWhereTheirAxesAreTurned() throws IOException {
    int count = 200_000;
    Path file =
        write("many.npy", npy(1, "|i1", false, "(" + count + ", 2, 3)", new byte[6 * count]));
    long before = used();
    int seen = 0;
    IoInfo port = IoInfo.ordered(new Value("x", TensorType.int8(1, 0, 1, 3, 2)), List.of(0, 2, 1));
    for (List<Tensor> sample : Samples.streamSource(List.of(file.toString()), List.of(port))) {
      assertThat(sample.getFirst().shape()).isEqualTo(Shape.of(1, 3, 2));
      if (seen++ == count / 2) {
        assertThat(used() - before).isLessThan(16L << 20);
      }
    }
    assertThat(seen).isEqualTo(count);
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void labelsAreOneClassIndexALine() throws IOException {
    Path text = write("labels.txt", "3\n0\n\n12\n".getBytes(StandardCharsets.UTF_8));
    assertThat(Labels.read(text)).containsExactly(3, 0, 12);
    Path array = write("labels.npy", npy(1, "|u1", false, "(3, 1)", bytes(1, 2, 200)));
    assertThat(Labels.read(array)).containsExactly(1, 2, 200);
    Path bad = write("bad.txt", "1\ncat\n".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> Labels.read(bad))
        .hasMessage(bad + ": line 2: 'cat' is no class index");
  }

  @Test
  void labelsOfClassesThatANetworkLacksAreRefusedWithTheirPlace() throws IOException {
    Path text = write("labels.txt", "3\n\n99\n".getBytes(StandardCharsets.UTF_8));
    assertThat(Labels.read(text, 100)).containsExactly(3, 99);
    assertThatThrownBy(() -> Labels.read(text, 10))
        .hasMessage(text + ": line 3: '99' is no class of this network, which has 10, from 0 to 9");
  }

  private static int[] ints(List<List<Tensor>> samples) {
    assertThat(samples).hasSize(1);
    return samples.getFirst().getFirst().ints();
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** An array file as numpy writes it. */
  private static byte[] npy(int version, String descr, boolean fortran, String shape, byte[] data) {
    String fields =
        "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }"
            .formatted(descr, fortran ? "True" : "False", shape);
    int prefix = version == 1 ? 10 : 12;
    int length = (prefix + fields.length() + 1 + 63) / 64 * 64 - prefix;
    ByteBuffer head = ByteBuffer.allocate(prefix).order(ByteOrder.LITTLE_ENDIAN);
    head.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    head.put((byte) version).put((byte) 0);
    if (version == 1) {
      head.putShort((short) length);
    } else {
      head.putInt(length);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.array());
    String line = fields + " ".repeat(length - 1 - fields.length()) + "\n";
    bytes.writeBytes(line.getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(data);
    return bytes.toByteArray();
  }
}
