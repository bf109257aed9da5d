package dev.thimble.importer;

import dev.thimble.importer.onnx.RecordedInputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The inputs that ONNX's own tests record beside a model, in files {@code
 * test_data_set_0/input_N.pb}, where N counts the inputs that have no initializer.
 *
 * @param inputs the files by the inputs' names
 */
public record Recording(Map<String, Path> inputs) {
  public Recording {
    inputs = Map.copyOf(inputs);
  }

  /** What is recorded beside a model file; nothing for most models. */
  public static Recording beside(Path model) {
    Path folder = model.resolveSibling("test_data_set_0");
    if (!Files.isDirectory(folder)) {
      return new Recording(Map.of());
    }
    try {
      List<String> names = RecordedInputs.names(Files.readAllBytes(model));
      Map<String, Path> files = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        Path file = folder.resolve("input_" + i + ".pb");
        if (Files.isRegularFile(file)) {
          files.put(names.get(i), file);
        }
      }
      return new Recording(files);
    } catch (IOException e) {
      throw ModelException.at(
          model.toString(), "file", "cannot be read: " + e.getMessage(), "give a model's path");
    }
  }

  /** What is recorded for an input, as a constant. */
  public Optional<GivenConstant> constant(String input, boolean narrow) {
    return Optional.ofNullable(inputs.get(input)).map(file -> ConstantFile.read(file, narrow));
  }

  /**
   * Imports the model, with those inputs as constants that must be constants for it to be
   * supported; the model's options name them.
   *
   * @throws ModelException when the model is not supported even so
   */
  public ImportedModel read(Path model, ImportOptions options) {
    ImportOptions told = options;
    while (true) {
      try {
        return ModelImporter.read(model, told);
      } catch (ModelException e) {
        Map<String, GivenConstant> constants = new LinkedHashMap<>(told.constants());
        for (String open : e.openInputs()) {
          constant(open, options.narrow()).ifPresent(constant -> constants.put(open, constant));
        }
        boolean more = constants.size() > told.constants().size();
        // A network of nothing but constants would show nothing.
        if (!more || constants.keySet().containsAll(inputs.keySet())) {
          throw e;
        }
        told = told.withConstants(constants);
      }
    }
  }
}
