package dev.thimble.importer.pytorch.archive;

import java.util.List;

/**
 * Element type and shape of a tensor of the graph.
 *
 * @param code the element type's code in the file; see {@link ElementKind#ofCode}
 */
public record TensorMeta(long code, List<Extent> dims) {
  public TensorMeta {
    dims = List.copyOf(dims);
  }

  /** Such as {@code float32[1, 3, 32, 32]}. */
  public String describe() {
    String kind = ElementKind.ofCode(code).map(ElementKind::text).orElse("element type " + code);
    return kind + dims;
  }
}
