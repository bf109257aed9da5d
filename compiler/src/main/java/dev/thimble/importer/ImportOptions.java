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
 * @param constants inputs by their names that are constants instead, with what they are
 * @param narrow whether float64 is read as float32, each number rounded to the nearest
 * @param roundsFloats whether what the file states as floats between quantisations stays so, rather
 *     than becoming integers
 * @param weights a file whose tensors take the place of the model's weights of the same names
 */
public record ImportOptions(
    Map<String, List<Integer>> shapes,
    Map<String, GivenConstant> constants,
    boolean narrow,
    boolean roundsFloats,
    Optional<Path> weights) {
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
    this(shapes, Map.of(), false, false, Optional.empty());
  }

  /** These options with other shapes. */
  public ImportOptions withShapes(Map<String, List<Integer>> others) {
    return new ImportOptions(others, constants, narrow, roundsFloats, weights);
  }

  /** These options with a file of weights. */
  public ImportOptions withWeights(Path file) {
    return new ImportOptions(shapes, constants, narrow, roundsFloats, Optional.of(file));
  }

  /** These options with other constants. */
  public ImportOptions withConstants(Map<String, GivenConstant> others) {
    return new ImportOptions(shapes, others, narrow, roundsFloats, weights);
  }

  /** These options with float64 read as float32, or not. */
  public ImportOptions withNarrow(boolean chosen) {
    return new ImportOptions(shapes, constants, chosen, roundsFloats, weights);
  }

  /** These options with floats between quantisations kept, or not. */
  public ImportOptions withRoundsFloats(boolean chosen) {
    return new ImportOptions(shapes, constants, narrow, chosen, weights);
  }
}
