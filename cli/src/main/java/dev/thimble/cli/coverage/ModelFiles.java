package dev.thimble.cli.coverage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The model files below some folders. */
final class ModelFiles {
  private static final Set<String> FORMATS = Set.of("tflite", "onnx", "pt2", "keras", "h5");

  /** Domains of QONNX's operators: its own, and those of its writers. */
  private static final List<String> QONNX =
      List.of("qonnx.custom_op", "finn.custom_op", "onnx.brevitas");

  /** A model file, and how the page names it. */
  record Found(Path file, String name, String format) {}

  private ModelFiles() {}

  /** Every model file at any depth, sorted by name. */
  static List<Found> below(List<Path> folders) throws IOException {
    List<Found> found = new ArrayList<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw new IllegalArgumentException(folder + " is no folder; name one with --models");
      }
      Path root = folder.toAbsolutePath().normalize();
      Path above = root.getParent() == null ? root : root.getParent();
      try (Stream<Path> files = Files.walk(root)) {
        files
            .filter(Files::isRegularFile)
            .filter(file -> FORMATS.contains(extension(file)))
            .map(file -> new Found(file, name(above, file), extension(file)))
            .forEach(found::add);
      }
    }
    found.sort(Comparator.comparing(Found::name));
    return found;
  }

  private static String name(Path above, Path file) {
    return above.relativize(file).toString().replace('\\', '/');
  }

  private static String extension(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** Which family of quantised operators an ONNX file is written with; empty for none. */
  static String family(Found model) throws IOException {
    if (!model.format().equals("onnx")) {
      return "";
    }
    String bytes = Files.readString(model.file(), StandardCharsets.ISO_8859_1);
    if (QONNX.stream().anyMatch(bytes::contains)) {
      return "QONNX";
    }
    boolean operators =
        Stream.of("QLinear", "ConvInteger", "MatMulInteger").anyMatch(bytes::contains);
    boolean pairs = bytes.contains("QuantizeLinear");
    return operators ? "QOperator" : pairs ? "QDQ" : "";
  }
}
