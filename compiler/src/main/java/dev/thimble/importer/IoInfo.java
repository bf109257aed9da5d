package dev.thimble.importer;

import dev.thimble.graph.Value;
import dev.thimble.tensor.Shape;
import java.util.Optional;

/**
 * An input or output of a model as reports name it.
 *
 * @param value the graph's own value: its name, element type, shape and quantisation
 * @param layout the meaning of the value's axes: {@code NHWC}, {@code NLC} or {@code NC} for 4, 3
 *     or 2 axes, nothing for any other number
 * @param sourceShape the shape in the model file, of as many elements; the axes' order may differ
 *     from the value's for formats that put channels first
 */
public record IoInfo(Value value, Optional<String> layout, Shape sourceShape) {
  /** An input or output whose axes lie in the file as they lie in the graph. */
  public static IoInfo sameLayout(Value value) {
    Shape shape = value.type().shape();
    Optional<String> layout =
        switch (shape.rank()) {
          case 2 -> Optional.of("NC");
          case 3 -> Optional.of("NLC");
          case 4 -> Optional.of("NHWC");
          default -> Optional.empty();
        };
    return new IoInfo(value, layout, shape);
  }
}
