package dev.thimble.importer;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an import needs to know that a model file may leave open.
 *
 * @param shapes for inputs by their names, their shapes in the file's own order of axes
 * @param weights a file whose tensors take the place of the model's weights of the same names
 */
public record ImportOptions(Map<String, List<Integer>> shapes, Optional<Path> weights) {
  /** Everything is in the file. */
  public static final ImportOptions DEFAULTS = new ImportOptions(Map.of());

  /** The model's own weights. */
  public ImportOptions(Map<String, List<Integer>> shapes) {
    this(shapes, Optional.empty());
  }

  public ImportOptions {
    shapes = Collections.unmodifiableMap(new LinkedHashMap<>(shapes));
    shapes.forEach((name, shape) -> {
      if (shape.stream().anyMatch(extent -> extent < 1)) {
        throw new IllegalArgumentException("--shape " + name + " needs extents >= 1, was " + shape);
      }
    });
  }
}
