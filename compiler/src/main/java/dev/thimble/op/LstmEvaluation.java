package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/** Reference evaluation of a quantised {@link Lstm}: quantization.md, rules Q42 and Q43. */
final class LstmEvaluation {
  private final Lstm op;
  private final Recurrence steps;
  private final Rounding rounding;
  private final LstmQuantization q;
  private final TensorType frames;
  private final int units;
  private final int[] x;
  private final int[] filter;
  private final int[] recurrent;
  private final int[] bias;

  private LstmEvaluation(Lstm op, List<Tensor> in, Rounding rounding) {
    this.op = op;
    this.steps = op.steps();
    this.rounding = rounding;
    this.q = LstmQuantization.of(op, in.stream().map(Tensor::type).toList(), rounding);
    this.frames = in.get(0).type();
    this.units = in.get(2).shape().dim(1);
    this.x = in.get(0).ints();
    this.filter = in.get(1).ints();
    this.recurrent = in.get(2).ints();
    this.bias = in.get(3).ints();
  }

  static List<Tensor> evaluate(Lstm op, List<Tensor> in, List<TensorType> out, Rounding rounding) {
    return new LstmEvaluation(op, in, rounding).run(in.get(4).ints(), in.get(5).ints(), out);
  }

  private List<Tensor> run(int[] first, int[] firstCell, List<TensorType> out) {
    int[] c = firstCell.clone();
    int[] result = Tensor.filled(out.get(0), q.stateZeroPoint()).ints().clone();
    int[] sums = new int[4 * units];
    for (int entry = 0; entry < steps.batch(frames); entry++) {
      int[] h = new int[units];
      System.arraycopy(first, entry * units, h, 0, units);
      for (int s = 0; s < steps.steps(frames, entry); s++) {
        int row = steps.row(frames, entry, s);
        for (int o = 0; o < sums.length; o++) {
          sums[o] = int16(input(o, row) + state(o, h));
        }
        for (int u = 0; u < units; u++) {
          h[u] = unit(sums, u, c, entry * units + u);
        }
        System.arraycopy(h, 0, result, (steps.last() ? entry : row) * units, units);
      }
    }
    return List.of(Tensor.ofInts(out.get(0), result), Tensor.ofInts(out.get(1), c));
  }

  private int input(int o, int row) {
    int depth = frames.shape().dim(2);
    int sum = 0;
    for (int i = 0; i < depth; i++) {
      sum += filter[o * depth + i] * (x[row * depth + i] - q.inputZeroPoint());
    }
    return int16(FixedPoint.requantize(sum + bias[o], q.filter().get(o), rounding));
  }

  private int state(int o, int[] h) {
    int sum = 0;
    for (int i = 0; i < units; i++) {
      sum += recurrent[o * units + i] * (h[i] - q.stateZeroPoint());
    }
    return int16(FixedPoint.requantize(sum, q.recurrent().get(o), rounding));
  }

  private int unit(int[] sums, int u, int[] c, int at) {
    int enter = Gates16.sigmoid(sums[u]);
    int forget = Gates16.sigmoid(sums[2 * units + u]);
    int candidate =
        op.cell().equals(Gate.TANH)
            ? Gates16.tanh(sums[3 * units + u], 0)
            : Gates16.sigmoid(sums[3 * units + u]);
    int kept = int16(FixedPoint.requantize(forget * c[at], q.kept(), rounding));
    int entered = int16(FixedPoint.requantize(enter * candidate, q.entered(), rounding));
    int cell = int16(kept + entered);
    c[at] = q.cellClip() > 0 ? Math.clamp(cell, -q.cellClip(), q.cellClip()) : cell;
    int leave = Gates16.sigmoid(sums[units + u]) * Gates16.tanh(c[at], q.cellShift());
    int result = FixedPoint.requantize(leave, q.left(), rounding) + q.stateZeroPoint();
    return Math.clamp(result, Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  private static int int16(int value) {
    return Math.clamp(value, Short.MIN_VALUE, Short.MAX_VALUE);
  }
}
