package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Reference evaluation of recurrent nodes in float32: quantization.md, rules Q20, Q21 and Q41. A
 * gate's products with the frame are added to its bias first, then those with the state.
 */
final class RecurrentEvaluation {
  private final Recurrence steps;
  private final List<Tensor> in;
  private final TensorType out;
  private final TensorType frames;
  private final int units;
  private final int batch;
  private final float[] x;
  private final float[] filter;
  private final float[] recurrent;
  private final float[] bias;
  private final float[] result;

  RecurrentEvaluation(Recurrence steps, List<Tensor> in, TensorType out) {
    this.steps = steps;
    this.in = in;
    this.out = out;
    this.frames = in.get(0).type();
    this.units = out.shape().dim(-1);
    this.batch = steps.batch(frames);
    this.x = in.get(0).floats();
    this.filter = in.get(1).floats();
    this.recurrent = in.get(2).floats();
    this.bias = in.get(3).floats();
    this.result = new float[out.elements()];
  }

  /** One step of a batch entry: from its state to the next. */
  private interface Step {
    void take(int entry, int row, float[] h);
  }

  private Tensor run(Tensor first, Step step) {
    for (int entry = 0; entry < batch; entry++) {
      float[] h = new float[units];
      System.arraycopy(first.floats(), entry * units, h, 0, units);
      int count = steps.steps(frames, entry);
      for (int s = 0; s < count; s++) {
        int row = steps.row(frames, entry, s);
        step.take(entry, row, h);
        System.arraycopy(h, 0, result, (steps.last() ? entry : row) * units, units);
      }
    }
    return Tensor.ofFloats(out, result);
  }

  /** Gate {@code o} of the filter, for the frame in a row. */
  private float input(int o, int row) {
    int depth = frames.shape().dim(2);
    return FloatSums.dot(filter, o * depth, x, row * depth, depth);
  }

  private float state(int o, float[] h) {
    return FloatSums.dot(recurrent, o * units, h, 0, units);
  }

  private static float clip(float sum, float clip) {
    return clip > 0 ? Math.clamp(sum, -clip, clip) : sum;
  }

  Tensor rnn(Rnn op) {
    float[] next = new float[units];
    return run(
        in.get(4),
        (entry, row, h) -> {
          for (int u = 0; u < units; u++) {
            float sum = bias[u] + input(u, row) + state(u, h);
            next[u] = op.activation().apply(clip(sum, op.clip()));
          }
          System.arraycopy(next, 0, h, 0, units);
        });
  }

  Tensor gru(Gru op) {
    float[] recurrentBias = in.get(4).floats();
    float[] update = new float[units];
    float[] reset = new float[units];
    float[] candidate = new float[units];
    return run(
        in.get(5),
        (entry, row, h) -> {
          for (int u = 0; u < units; u++) {
            update[u] = gate(op, u, row, h, recurrentBias);
            reset[u] = gate(op, units + u, row, h, recurrentBias);
          }
          float[] read = h.clone();
          if (!op.linearBeforeReset()) {
            for (int u = 0; u < units; u++) {
              read[u] = reset[u] * h[u];
            }
          }
          for (int u = 0; u < units; u++) {
            int o = 2 * units + u;
            float linear = recurrentBias[o] + state(o, read);
            float sum = bias[o] + input(o, row);
            sum += op.linearBeforeReset() ? reset[u] * linear : linear;
            candidate[u] = op.candidate().apply(clip(sum, op.clip()));
          }
          for (int u = 0; u < units; u++) {
            h[u] = (1 - update[u]) * candidate[u] + update[u] * h[u];
          }
        });
  }

  private float gate(Gru op, int o, int row, float[] h, float[] recurrentBias) {
    float sum = bias[o] + input(o, row) + (recurrentBias[o] + state(o, h));
    return op.gate().apply(clip(sum, op.clip()));
  }

  List<Tensor> lstm(Lstm op, TensorType cellType) {
    float[] c = in.get(5).floats().clone();
    float[] peepholes = Lstm.hasPeepholes(in) ? in.get(6).floats() : new float[0];
    float[] sums = new float[4 * units];
    Tensor h =
        run(
            in.get(4),
            (entry, row, state) -> {
              for (int o = 0; o < sums.length; o++) {
                sums[o] = bias[o] + input(o, row) + state(o, state);
              }
              for (int u = 0; u < units; u++) {
                unit(op, sums, peepholes, u, state, c, entry * units + u);
              }
            });
    return List.of(h, Tensor.ofFloats(cellType, c));
  }

  private void unit(Lstm op, float[] sums, float[] peepholes, int u, float[] h, float[] c, int at) {
    boolean peeks = peepholes.length > 0;
    float forget = sums[2 * units + u] + (peeks ? peepholes[2 * units + u] * c[at] : 0);
    forget = op.gate().apply(clip(forget, op.clip()));
    float enter = sums[u] + (peeks ? peepholes[u] * c[at] : 0);
    enter = op.coupled() ? 1 - forget : op.gate().apply(clip(enter, op.clip()));
    float candidate = op.cell().apply(clip(sums[3 * units + u], op.clip()));
    c[at] = clip(forget * c[at] + enter * candidate, op.cellClip());
    float leave = sums[units + u] + (peeks ? peepholes[units + u] * c[at] : 0);
    leave = op.gate().apply(clip(leave, op.clip()));
    h[u] = leave * op.output().apply(c[at]);
  }
}
