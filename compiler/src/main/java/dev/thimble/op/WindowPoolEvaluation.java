package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;

/**
 * Reference evaluation of pooling with every attribute: quantization.md, rules Q16, Q17, Q20 and
 * Q21. Elements are taken in the order row, column.
 */
final class WindowPoolEvaluation {
  private final WindowPool2d op;
  private final Slide slide;
  private final int[] rowCounts;
  private final int[] columnCounts;

  private WindowPoolEvaluation(WindowPool2d op, Slide slide) {
    this.op = op;
    this.slide = slide;
    this.rowCounts = Window.counts(op, slide, true);
    this.columnCounts = Window.counts(op, slide, false);
  }

  static Tensor evaluate(WindowPool2d op, Tensor in, TensorType out) {
    Slide slide =
        Slide.of(in.shape(), out.shape(), op.kernel(), op.stride(), op.dilation(), op.padding());
    WindowPoolEvaluation evaluation = new WindowPoolEvaluation(op, slide);
    return out.isFloat()
        ? Tensor.ofFloats(out, evaluation.floats(in.floats()))
        : Tensor.ofInts(out, evaluation.ints(in.ints(), out));
  }

  private int count(int at) {
    int pixel = at / slide.output().dim(3);
    int width = slide.output().dim(2);
    return rowCounts[pixel / width % slide.output().dim(1)] * columnCounts[pixel % width];
  }

  private float[] floats(float[] input) {
    float[] output = new float[slide.output().elements()];
    slide.forEach((batch, row, column, at) -> {
      for (int c = 0; c < slide.output().dim(3); c++) {
        float acc = op.function() == WindowPool2d.Function.MAX ? Float.NEGATIVE_INFINITY : 0;
        for (int ky = row.from(); ky < row.to(); ky++) {
          for (int kx = column.from(); kx < column.to(); kx++) {
            acc = add(acc, input[slide.inputAt(batch, row.at(ky), column.at(kx)) + c]);
          }
        }
        output[at + c] = op.activation().clamp(finish(acc, count(at)));
      }
    });
    return output;
  }

  private float add(float acc, float x) {
    return switch (op.function()) {
      case MAX -> Math.max(acc, x);
      case AVERAGE -> acc + x;
      case ROOT_MEAN_SQUARE -> acc + x * x;
      case LP ->
          acc
              + switch (op.p()) {
                case 1 -> Math.abs(x);
                case 2 -> x * x;
                default -> (float) Math.pow(Math.abs(x), op.p());
              };
    };
  }

  private float finish(float acc, int count) {
    return switch (op.function()) {
      case MAX -> acc;
      case AVERAGE -> acc / count;
      case ROOT_MEAN_SQUARE -> (float) Math.sqrt(acc / count);
      case LP ->
          switch (op.p()) {
            case 1 -> acc;
            case 2 -> (float) Math.sqrt(acc);
            default -> (float) Math.pow(acc, 1f / op.p());
          };
    };
  }

  private int[] ints(int[] input, TensorType out) {
    int[] output = new int[out.elements()];
    boolean max = op.function() == WindowPool2d.Function.MAX;
    int least = op.activation().quantizedMin(out);
    int most = op.activation().quantizedMax(out);
    slide.forEach((batch, row, column, at) -> {
      for (int c = 0; c < slide.output().dim(3); c++) {
        int acc = max ? Integer.MIN_VALUE : 0;
        for (int ky = row.from(); ky < row.to(); ky++) {
          for (int kx = column.from(); kx < column.to(); kx++) {
            int x = input[slide.inputAt(batch, row.at(ky), column.at(kx)) + c];
            acc = max ? Math.max(acc, x) : acc + x;
          }
        }
        int value = max ? acc : PoolEvaluation.average(acc, count(at));
        output[at + c] = Math.clamp(value, least, most);
      }
    });
    return output;
  }
}
