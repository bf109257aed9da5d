package dev.thimble.importer.tflite;

import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import org.tensorflow.lite.schema.BuiltinOperator;

/**
 * DEQUANTIZE of a constant is computed when the file is read: weights that are stored as float16 or
 * int8 only to make the file smaller.
 */
final class WeightFolding {
  private WeightFolding() {}

  /** Whether the operator is such a one; then its output is a constant from now on. */
  static boolean fold(TfliteOperator operator, Values values) {
    boolean fits =
        operator.builtin() == BuiltinOperator.DEQUANTIZE
            && operator.inputs().size() == 1
            && operator.outputs().size() == 1
            && operator.inputs().getFirst() >= 0
            && values.isConstant(operator.inputs().getFirst());
    if (!fits) {
      return false;
    }
    try {
      Tensor data = values.constant(operator.inputs().getFirst());
      TensorType type = values.type(operator.outputs().getFirst());
      boolean folds = type.isFloat() && type.shape().equals(data.shape()) && isReal(data.type());
      if (folds) {
        values.define(operator.outputs().getFirst(), Tensor.ofFloats(type, reals(data)));
      }
      return folds;
    } catch (UnsupportedNode e) {
      // The operator's own row says what it lacks.
      return false;
    }
  }

  private static boolean isReal(TensorType type) {
    return type.isFloat() || (type.isQuantized() && !type.dtype().isWide());
  }

  private static float[] reals(Tensor data) {
    if (data.type().isFloat()) {
      return data.floats();
    }
    float[] reals = new float[data.ints().length];
    int[] stored = data.ints();
    TensorType type = data.type();
    for (int i = 0; i < reals.length; i++) {
      reals[i] =
          switch (type.quant()) {
            case QuantParams.None n -> stored[i];
            case QuantParams.PerTensor p -> p.scale() * (stored[i] - p.zeroPoint());
            case QuantParams.PerChannel p ->
                p.scales().get(i / stride(type, p.axis()) % type.shape().dim(p.axis())) * stored[i];
          };
    }
    return reals;
  }

  private static int stride(TensorType type, int axis) {
    int stride = 1;
    for (int i = axis + 1; i < type.shape().rank(); i++) {
      stride *= type.shape().dim(i);
    }
    return stride;
  }
}
