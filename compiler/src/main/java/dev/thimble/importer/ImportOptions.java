package dev.thimble.importer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an import needs to know that a model file may leave open.
 *
 * @param shapes for inputs by their names, their shapes in the file's own order of axes
 * @param roundsFloats whether what the file states as floats between quantisations stays so, rather
 *     than becoming integers
 */
public record ImportOptions(Map<String, List<Integer>> shapes, boolean roundsFloats) {
  /** Everything is in the file. */
  public static final ImportOptions DEFAULTS = new ImportOptions(Map.of());

  /** Shapes alone. */
  public ImportOptions(Map<String, List<Integer>> shapes) {
    this(shapes, false);
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
