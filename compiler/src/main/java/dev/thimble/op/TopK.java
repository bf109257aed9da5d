package dev.thimble.op;

import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The largest or smallest elements of an axis, the first of them first, and of equals that of the
 * lower index: their values or their indices, as int32 or int64. Stored numbers compare as real
 * ones do. Floats that are not numbers come last. Source: TFLite TOPK_V2, ONNX TopK.
 */
public record TopK(Result result, int axis, int count, boolean largest) implements PositionalOp {
  /** Which of the operator's two outputs this is. */
  public enum Result {
    VALUES,
    INDICES
  }

  public TopK {
    Checks.require(axis >= 0 && count > 0, "axis must be >= 0 and count > 0");
  }

  @Override
  public String kind() {
    return "top_k_" + result.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Shape shape = inputs.get(0).shape();
    Axes.require(axis, shape);
    Checks.require(
        count <= shape.dim(axis), "axis " + axis + " of " + shape + " has less than " + count);
    return shape.with(axis, count);
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.require(
        !(inputs.get(0).quant() instanceof QuantParams.PerChannel),
        "input must not be quantised per channel, is " + inputs.get(0));
    switch (result) {
      case VALUES -> Checks.moved(inputs.get(0), output);
      case INDICES -> Checks.indices(output);
    }
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    Tensor in = inputs.get(0);
    Axes axes = Axes.of(in.shape(), axis);
    int[] sources = new int[output.elements()];
    long[] indices = new long[sources.length];
    for (int line = 0; line < axes.outer() * axes.inner(); line++) {
      int outer = line / axes.inner();
      int start = outer * axes.extent() * axes.inner() + line % axes.inner();
      List<Integer> entries = new ArrayList<>(IntStream.range(0, axes.extent()).boxed().toList());
      entries.sort((a, b) -> compare(in, start + a * axes.inner(), start + b * axes.inner()));
      for (int i = 0; i < count; i++) {
        int at = (outer * count + i) * axes.inner() + line % axes.inner();
        sources[at] = start + entries.get(i) * axes.inner();
        indices[at] = entries.get(i);
      }
    }
    return switch (result) {
      case VALUES -> Relocation.gather(in, output, sources);
      case INDICES -> Tensor.ofLongs(output, indices);
    };
  }

  /** Less than 0 where the first element comes before the second; the sort keeps equals' order. */
  private int compare(Tensor in, int first, int second) {
    if (!in.type().isFloat()) {
      int order = Long.compare(in.longs()[first], in.longs()[second]);
      return largest ? -order : order;
    }
    float a = in.floats()[first];
    float b = in.floats()[second];
    if (Float.isNaN(a) || Float.isNaN(b)) {
      return Boolean.compare(Float.isNaN(a), Float.isNaN(b));
    }
    int order = a < b ? -1 : a > b ? 1 : 0;
    return largest ? -order : order;
  }
}
