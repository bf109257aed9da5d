package dev.thimble.importer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an import needs to know that a model file may leave open.
 *
 * @param shapes for inputs by their names, their shapes in the file's own order of axes
 * @param constants inputs by their names that are constants instead, with what they are
 * @param narrow whether float64 is read as float32, each number rounded to the nearest
 * @param roundsFloats whether what the file states as floats between quantisations stays so, rather
 *     than becoming integers
 */
public record ImportOptions(
    Map<String, List<Integer>> shapes,
    Map<String, GivenConstant> constants,
    boolean narrow,
    boolean roundsFloats) {
  /** Everything is in the file. */
  public static final ImportOptions DEFAULTS = new ImportOptions(Map.of());

  public ImportOptions {
    shapes = Collections.unmodifiableMap(new LinkedHashMap<>(shapes));
    constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
    shapes.forEach((name, shape) -> {
      if (shape.stream().anyMatch(extent -> extent < 1)) {
        throw new IllegalArgumentException("--shape " + name + " needs extents >= 1, was " + shape);
      }
    });
  }

  /** Shapes alone. */
  public ImportOptions(Map<String, List<Integer>> shapes) {
    this(shapes, Map.of(), false, false);
  }

  /** These options with other constants. */
  public ImportOptions withConstants(Map<String, GivenConstant> others) {
    return new ImportOptions(shapes, others, narrow, roundsFloats);
  }

  /** These options with float64 read as float32, or not. */
  public ImportOptions withNarrow(boolean chosen) {
    return new ImportOptions(shapes, constants, chosen, roundsFloats);
  }

  /** These options with floats between quantisations kept, or not. */
  public ImportOptions withRoundsFloats(boolean chosen) {
    return new ImportOptions(shapes, constants, narrow, chosen);
  }
}
