package dev.thimble.importer;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** What an input of a model is made, where it is a constant instead. */
public sealed interface GivenConstant {
  /**
   * Numbers as they are written; the input's own type and shape say what they are.
   *
   * @param numbers such as {@code 1}, {@code -0.5} or {@code true}, in row-major order
   */
  record Values(List<String> numbers) implements GivenConstant {
    public Values {
      numbers = List.copyOf(numbers);
    }
  }

  /**
   * An array with a type and a shape of its own, which the input must have too.
   *
   * @param dims the extents in the file's own order; one of them may be 0
   * @param data the elements, unless there are none
   */
  record Array(DType dtype, List<Integer> dims, Optional<Tensor> data) implements GivenConstant {
    public Array {
      dims = List.copyOf(dims);
    }

    /** An array that has elements. */
    public Array(Tensor data) {
      this(
          data.type().dtype(),
          java.util.Arrays.stream(data.shape().dims()).boxed().toList(),
          Optional.of(data));
    }
  }
}
