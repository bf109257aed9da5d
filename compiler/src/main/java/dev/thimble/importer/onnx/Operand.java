package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.tensor.DType;
import java.util.Arrays;
import java.util.List;

/** What a name of the file stands for. */
sealed interface Operand {
  /** A tensor with elements. */
  record Dense(LaidOut tensor) implements Operand {}

  /** A tensor without elements, as the arithmetic of shapes has them: an extent is 0. */
  record Empty(DType dtype, List<Integer> dims) implements Operand {
    public Empty {
      dims = List.copyOf(dims);
    }
  }

  /** What an unsupported node computes. */
  record Unknown() implements Operand {}

  /** The extents of the source's shape. */
  default List<Integer> dims() {
    return switch (this) {
      case Dense dense -> Arrays.stream(dense.tensor().shape().dims()).boxed().toList();
      case Empty empty -> empty.dims();
      case Unknown unknown -> throw new UnknownOperand();
    };
  }

  /** The element type. */
  default DType elements() {
    return switch (this) {
      case Dense dense -> dense.tensor().dtype();
      case Empty empty -> empty.dtype();
      case Unknown unknown -> throw new UnknownOperand();
    };
  }

  /** Element type and shape, such as {@code float32[1,3,32,32]}. */
  default String describe() {
    return this instanceof Unknown
        ? "unknown"
        : elements().reportName() + dims().toString().replace(" ", "");
  }
}
