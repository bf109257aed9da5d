package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;

/** Reference evaluation of padding: quantization.md, rule Q18. */
final class PadEvaluation {
  private PadEvaluation() {}

  static Tensor evaluate(Pad op, Tensor in, TensorType out) {
    Shape from = in.shape();
    int[] strides = Strides.rowMajor(from);
    int[] outer = Strides.rowMajor(out.shape());
    int[] sources = new int[out.elements()];
    for (int i = 0; i < sources.length; i++) {
      for (int axis = 0; axis < strides.length && sources[i] != Relocation.NOWHERE; axis++) {
        int at = i / outer[axis] % out.shape().dim(axis) - op.before().get(axis);
        int entry = entry(op.mode(), at, from.dim(axis));
        sources[i] = entry == Relocation.NOWHERE ? entry : sources[i] + entry * strides[axis];
      }
    }
    return Relocation.gather(in, out, sources, op.value());
  }

  /** The entry that stands at a place which may lie outside of the axis. */
  private static int entry(Pad.Mode mode, int at, int extent) {
    if (at >= 0 && at < extent) {
      return at;
    }
    return switch (mode) {
      case CONSTANT -> Relocation.NOWHERE;
      case REFLECT -> at < 0 ? -at : 2 * extent - 2 - at;
      case SYMMETRIC -> at < 0 ? -at - 1 : 2 * extent - 1 - at;
      case EDGE -> at < 0 ? 0 : extent - 1;
      case WRAP -> at < 0 ? at + extent : at - extent;
    };
  }
}
