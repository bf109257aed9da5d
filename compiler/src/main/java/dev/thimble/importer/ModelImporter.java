package dev.thimble.importer;

import dev.thimble.graph.Program;
import dev.thimble.importer.keras.KerasImporter;
import dev.thimble.importer.onnx.ExternalData;
import dev.thimble.importer.onnx.OnnxImporter;
import dev.thimble.importer.pytorch.PytorchFile;
import dev.thimble.importer.pytorch.PytorchImporter;
import dev.thimble.importer.pytorch.SuppliedWeights;
import dev.thimble.importer.tflite.TfliteImporter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads model files. The content decides the format, and the file name's extension where it cannot.
 */
public final class ModelImporter {
  /** Larger files are refused: no microcontroller holds such a model. */
  static final long MAX_BYTES = 1L << 30;

  private static final String SUPPORTED =
      "TFLite (.tflite, with the identifier TFL3 at byte 4), ONNX (.onnx), Keras (.keras, or .h5"
          + " of a whole model),"
          + " or PyTorch (.pt2 of torch.export)";

  private ModelImporter() {}

  /**
   * Reads a model file.
   *
   * @throws ModelException when the file cannot be read, is malformed, or holds something that is
   *     not supported
   */
  public static ImportedModel read(Path file) {
    return read(file, ImportOptions.DEFAULTS);
  }

  /**
   * Reads a model file.
   *
   * @throws ModelException when the file cannot be read, is malformed, or holds something that is
   *     not supported
   * @throws IllegalArgumentException when the options do not fit the model
   */
  public static ImportedModel read(Path file, ImportOptions options) {
    Path folder = file.toAbsolutePath().getParent();
    byte[] bytes = bytes(file, "give the path of a model file");
    return read(file.toString(), bytes, Optional.ofNullable(folder), options);
  }

  /**
   * The files that a model's file names as holding parts of it: external data of ONNX. None where
   * the model cannot be read.
   */
  public static List<Path> dataFiles(Path file) {
    List<Path> files = new ArrayList<>();
    try {
      byte[] bytes = Files.isRegularFile(file) ? bytes(file, "") : new byte[0];
      if (!isTflite(bytes) && (isOnnx(bytes) || named(file.toString(), ".onnx"))) {
        for (String location : ExternalData.locations(bytes)) {
          files.add(file.toAbsolutePath().resolveSibling(location));
        }
      }
    } catch (ModelException | InvalidPathException e) {
      // Reading the model says what is wrong.
      return List.of();
    }
    return files;
  }

  /**
   * Reads a model from memory. {@code name} stands for the file in messages; its last part, without
   * the extension, becomes the program's name.
   *
   * @throws ModelException when the bytes are malformed or hold something that is not supported
   */
  public static ImportedModel read(String name, byte[] bytes) {
    return read(name, bytes, Optional.empty(), ImportOptions.DEFAULTS);
  }

  private static ImportedModel read(
      String name, byte[] bytes, Optional<Path> folder, ImportOptions options) {
    requireSize(name, bytes.length);
    String program = stem(name);
    Optional<byte[]> weightsBytes =
        options.weights().map(file -> bytes(file, "give the path of a file with weights"));
    Optional<SuppliedWeights> weights =
        weightsBytes.map(
            read -> SuppliedWeights.read(options.weights().map(Path::toString).orElse(""), read));
    if (KerasImporter.isHdf5(bytes)) {
      return keras("h5", name, bytes, options);
    }
    if (KerasImporter.isArchive(name, bytes)) {
      return keras("keras", name, bytes, options);
    }
    if (PytorchFile.isExported(name, bytes)) {
      OnnxImporter.Imported model = PytorchImporter.read(name, program, bytes, weights, options);
      return imported("pt2", model, digest(bytes, weightsBytes), options);
    }
    if (isTflite(bytes)) {
      return tflite(name, bytes, options);
    }
    if (isOnnx(bytes) || named(name, ".onnx")) {
      OnnxImporter.Imported model =
          OnnxImporter.read(
              name,
              program,
              bytes,
              folder,
              read -> weights.map(others -> others.into(read)).orElse(read),
              options);
      return imported("onnx", model, digest(bytes, weightsBytes), options);
    }
    if (named(name, ".tflite")) {
      throw ModelException.at(
          name,
          "identifier",
          "bytes 4 to 7 are not TFL3",
          "the file is damaged or no TFLite model: export it again");
    }
    throw ModelException.at(
        name,
        "format",
        "is not a model of a known format",
        "give a model in a supported format: " + SUPPORTED);
  }

  private static ImportedModel imported(
      String format, OnnxImporter.Imported model, String sha256, ImportOptions options) {
    return new ImportedModel(
        model.program(), format, sha256, model.inputs(), model.outputs(), options);
  }

  private static ImportedModel keras(
      String format, String name, byte[] bytes, ImportOptions options) {
    requireNothing(name, options);
    KerasImporter.Imported model = KerasImporter.read(name, stem(name), bytes);
    return new ImportedModel(
        model.program(), format, sha256(bytes), model.inputs(), model.outputs());
  }

  private static ImportedModel tflite(String name, byte[] bytes, ImportOptions options) {
    requireNothing(name, options);
    Program program = TfliteImporter.read(name, stem(name), bytes);
    return ImportedModel.of(program, "tflite", sha256(bytes));
  }

  private static void requireNothing(String name, ImportOptions options) {
    if (options.weights().isPresent()) {
      throw new IllegalArgumentException(
          "--weights is for ONNX and PyTorch: " + name + " has its own");
    }
    if (!options.constants().isEmpty() || options.narrow()) {
      String option = options.narrow() ? "--float64" : "--constant";
      throw new IllegalArgumentException(option + " is for ONNX and PyTorch, not for " + name);
    }
    if (!options.shapes().isEmpty()) {
      throw new IllegalArgumentException(
          "--shape is for ONNX and PyTorch: " + name + " has all its shapes");
    }
  }

  /**
   * Whether the bytes begin as ONNX models do, with one of the fields that stand before the graph:
   * the version of the format, or who wrote it. ONNX has no identifier of its own.
   */
  private static boolean isOnnx(byte[] bytes) {
    // Field 1, ir_version, is a small number; then come texts, fields 2 to 6, or the graph, 7.
    boolean version = bytes.length >= 4 && bytes[0] == 0x08 && bytes[1] > 0 && bytes[1] < 32;
    return version && bytes[2] >= 0x12 && bytes[2] <= 0x42 && (bytes[2] & 7) == 2;
  }

  private static boolean isTflite(byte[] bytes) {
    return bytes.length >= 8
        && Arrays.equals(bytes, 4, 8, "TFL3".getBytes(StandardCharsets.US_ASCII), 0, 4);
  }

  private static boolean named(String name, String extension) {
    return name.toLowerCase(Locale.ROOT).endsWith(extension);
  }

  private static byte[] bytes(Path file, String remedy) {
    try {
      if (Files.isDirectory(file)) {
        throw unreadable(file, "is a folder", remedy);
      }
      requireSize(file.toString(), Files.size(file));
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw unreadable(file, "does not exist", remedy);
    } catch (IOException e) {
      throw unreadable(file, "cannot be read: " + e.getMessage(), remedy);
    }
  }

  private static ModelException unreadable(Path file, String what, String remedy) {
    return ModelException.at(file.toString(), "file", what, remedy);
  }

  private static void requireSize(String name, long size) {
    if (size > MAX_BYTES) {
      throw ModelException.at(
          name,
          "file",
          "has " + size + " bytes, more than " + MAX_BYTES,
          "give a model that a microcontroller could hold");
    }
  }

  /** The last part of a path without its extension. */
  private static String stem(String name) {
    String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    int dot = last.lastIndexOf('.');
    String stem = dot > 0 ? last.substring(0, dot) : last;
    return stem.isEmpty() ? "model" : stem;
  }

  private static String sha256(byte[] bytes) {
    return digest(bytes, Optional.empty());
  }

  /** The SHA-256 of the model's bytes, followed by those of its weights if they lie elsewhere. */
  private static String digest(byte[] bytes, Optional<byte[]> weights) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes);
      weights.ifPresent(digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
