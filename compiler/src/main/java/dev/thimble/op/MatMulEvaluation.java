package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Reference evaluation of products of matrices: quantization.md, rules Q6, Q8 and Q20. Sums of
 * integers wrap.
 */
final class MatMulEvaluation {
  private MatMulEvaluation() {}

  static Tensor evaluate(MatMul op, List<Tensor> in, TensorType out, Rounding rounding) {
    Shape shape = out.shape();
    Places places = new Places(op, in.get(0).shape(), in.get(1).shape(), shape);
    if (out.isFloat()) {
      return Tensor.ofFloats(out, floats(places, in.get(0).floats(), in.get(1).floats()));
    }
    if (!out.isQuantized()) {
      return Tensor.ofInts(out, plain(places, in, shape.dim(-1)));
    }
    ConvolutionQuantization quantization =
        ConvolutionQuantization.ofMatMul(in.get(0).type(), in.get(1).type(), out, rounding);
    return Tensor.ofInts(out, ints(op, in, shape, quantization, rounding));
  }

  /** The stored output by these constants. */
  static int[] ints(
      MatMul op,
      List<Tensor> in,
      Shape out,
      ConvolutionQuantization quantization,
      Rounding rounding) {
    int[] sums =
        ints(
            new Places(op, in.get(0).shape(), in.get(1).shape(), out),
            IntConvolution.centred(in.get(0).ints(), in.get(0).type().zeroPoint()),
            IntConvolution.centred(in.get(1).ints(), in.get(1).type().zeroPoint()));
    int columns = out.dim(-1);
    for (int i = 0; i < sums.length; i++) {
      sums[i] = quantization.apply(sums[i], i % columns, rounding);
    }
    return sums;
  }

  private static int[] plain(Places places, List<Tensor> in, int columns) {
    int[] first = in.get(0).ints();
    int[] second = in.get(1).ints().clone();
    if (in.size() == 4) {
      first = IntConvolution.centred(first, in.get(2).ints()[0]);
      int[] zeroPoints = in.get(3).ints();
      for (int i = 0; i < second.length; i++) {
        int column = places.op.transposeSecond() ? i / places.depth % columns : i % columns;
        second[i] -= zeroPoints[zeroPoints.length == 1 ? 0 : column];
      }
    }
    return ints(places, first, second);
  }

  private static float[] floats(Places places, float[] a, float[] b) {
    float[] results = new float[places.out.elements()];
    places.forEach((at, x, y) -> {
      results[at] = FloatSums.dot(a, x, places.firstStep, b, y, places.secondStep, places.depth);
    });
    return results;
  }

  private static int[] ints(Places places, int[] a, int[] b) {
    int[] results = new int[places.out.elements()];
    places.forEach((at, x, y) -> {
      int sum = 0;
      for (int k = 0; k < places.depth; k++) {
        sum += a[x + k * places.firstStep] * b[y + k * places.secondStep];
      }
      results[at] = sum;
    });
    return results;
  }

  /** Where the first elements lie whose products are summed for an output element. */
  @FunctionalInterface
  private interface Product {
    void compute(int at, int first, int second);
  }

  /** The places of all output elements in memory order. */
  private static final class Places {
    private final MatMul op;
    private final Shape a;
    private final Shape b;
    private final Shape out;
    private final int depth;
    private final int firstStep;
    private final int secondStep;

    Places(MatMul op, Shape a, Shape b, Shape out) {
      this.op = op;
      this.a = a;
      this.b = b;
      this.out = out;
      depth = a.dim(op.transposeFirst() ? -2 : -1);
      firstStep = op.transposeFirst() ? a.dim(-1) : 1;
      secondStep = op.transposeSecond() ? 1 : b.dim(-1);
    }

    void forEach(Product product) {
      Shape batch = MatMul.leading(out);
      int[] firsts = Strides.offsets(batch, Broadcast.strides(MatMul.leading(a), batch));
      int[] seconds = Strides.offsets(batch, Broadcast.strides(MatMul.leading(b), batch));
      int rows = out.dim(-2);
      int columns = out.dim(-1);
      int rowStep = op.transposeFirst() ? 1 : a.dim(-1);
      int columnStep = op.transposeSecond() ? b.dim(-1) : 1;
      for (int at = 0; at < out.elements(); at++) {
        int matrix = at / (rows * columns);
        int row = at / columns % rows;
        product.compute(
            at,
            firsts[matrix] * (a.dim(-2) * a.dim(-1)) + row * rowStep,
            seconds[matrix] * (b.dim(-2) * b.dim(-1)) + at % columns * columnStep);
      }
    }
  }
}
