package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The index of an axis's largest or smallest element, the first of equals or the {@code last}, as
 * int32 or int64. The axis has extent 1 in the output or, unless {@code keepAxis}, is left out. The
 * stored numbers of any one tensor compare as the real numbers do, so quantised ones are compared
 * as they are. Of floats, one that is not a number is never chosen before one that is. Source:
 * TFLite ARG_MAX and ARG_MIN, ONNX ArgMax and ArgMin.
 */
public record ArgReduce(Function function, int axis, boolean keepAxis, boolean last)
    implements PositionalOp {
  /** Which element is sought. */
  public enum Function {
    MAX,
    MIN
  }

  public ArgReduce {
    Checks.require(axis >= 0, "axis must be >= 0, was " + axis);
  }

  @Override
  public String kind() {
    return "arg_reduce_" + function.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Shape input = inputs.get(0).shape();
    Checks.require(axis < input.rank(), "axis " + axis + " does not fit the input " + input);
    return keepAxis
        ? input.with(axis, 1)
        : Shape.of(
            IntStream.range(0, input.rank()).filter(i -> i != axis).map(input::dim).toArray());
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.require(
        !(inputs.get(0).quant() instanceof QuantParams.PerChannel),
        "input must not be quantised per channel, is " + inputs.get(0));
    Checks.require(
        (output.dtype() == DType.INT32 || output.dtype() == DType.INT64) && !output.isQuantized(),
        "output must be int32 or int64, is " + output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    Tensor in = inputs.get(0);
    int[] strides = Strides.rowMajor(in.shape());
    int stride = strides[axis];
    int extent = in.shape().dim(axis);
    int[] starts = Strides.offsets(in.shape().with(axis, 1), strides);
    long[] results = new long[starts.length];
    for (int i = 0; i < starts.length; i++) {
      int best = 0;
      for (int entry = 1; entry < extent; entry++) {
        if (replaces(in, starts[i] + best * stride, starts[i] + entry * stride)) {
          best = entry;
        }
      }
      results[i] = best;
    }
    return Tensor.ofLongs(output, results);
  }

  /** Whether a later element is chosen in an earlier one's place. */
  private boolean replaces(Tensor in, int earlier, int later) {
    if (in.type().isFloat()) {
      float a = in.floats()[earlier];
      float b = in.floats()[later];
      boolean beyond = function == Function.MAX ? b > a : b < a;
      return beyond || (last && b == a) || (Float.isNaN(a) && !Float.isNaN(b));
    }
    long a = in.type().dtype().isWide() ? in.longs()[earlier] : in.ints()[earlier];
    long b = in.type().dtype().isWide() ? in.longs()[later] : in.ints()[later];
    return (function == Function.MAX ? b > a : b < a) || (last && b == a);
  }
}
