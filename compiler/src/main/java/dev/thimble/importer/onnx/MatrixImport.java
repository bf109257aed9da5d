package dev.thimble.importer.onnx;

import dev.thimble.graph.Value;
import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.Order;
import dev.thimble.importer.layout.Permutation;
import dev.thimble.op.Activation;
import dev.thimble.op.FullyConnected;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** Products of matrices. */
final class MatrixImport {
  private MatrixImport() {}

  /** alpha * A' * B' + beta * C, of which B and C must be constant. */
  static void gemm(OnnxNode at) {
    at.require(2, 3);
    Attributes attributes = at.attributes();
    float alpha = attributes.real("alpha", 1);
    float beta = attributes.real("beta", 1);
    boolean turnedA = attributes.flag("transA", false);
    boolean turnedB = attributes.flag("transB", false);
    LaidOut a = turnedA ? at.x(0).transposed(List.of(1, 0)) : at.x(0);
    Tensor stored = at.constant(1, "matrix B");
    if (a.rank() != 2 || stored.shape().rank() != 2) {
      throw at.malformed("multiplies " + a.shape() + " and " + stored.shape());
    }
    Tensor filter = scaled(turnedB ? stored : Permutation.apply(stored, List.of(1, 0)), alpha);
    int outputs = filter.shape().dim(0);
    requireDepth(at, a, filter);
    Optional<Tensor> c =
        at.has(2) ? Optional.of(scaled(at.constant(2, "matrix C"), beta)) : Optional.empty();
    at.set(product(at, a, filter, bias(at, c, outputs)));
  }

  private static void requireDepth(OnnxNode at, LaidOut a, Tensor filter) {
    if (a.shape().dim(-1) != filter.shape().dim(1)) {
      throw at.malformed("multiplies " + at.describe());
    }
  }

  private static Tensor scaled(Tensor tensor, float factor) {
    if (factor == 1 || !tensor.type().isFloat()) {
      return tensor;
    }
    float[] floats = tensor.floats().clone();
    for (int i = 0; i < floats.length; i++) {
      floats[i] *= factor;
    }
    return Tensor.ofFloats(tensor.type(), floats);
  }

  /** C as a bias, if it is one number or one for each output. */
  private static Tensor bias(OnnxNode at, Optional<Tensor> c, int outputs) {
    TensorType type = TensorType.of(DType.FLOAT32, Shape.of(outputs));
    if (c.isEmpty()) {
      return Tensor.ofFloats(type, new float[outputs]);
    }
    Tensor data = c.get();
    if (data.type().elements() == 1) {
      return ConstantImport.filled(type, data);
    }
    if (data.type().elements() == outputs && data.shape().dim(-1) == outputs) {
      return data.as(type);
    }
    throw new UnsupportedNode(
        "a matrix C of shape " + data.shape() + ", " + at.describe(), "one row of C");
  }

  /**
   * The product with a constant filter [O,I]. What was transposed only to be flattened is read as
   * it was, and the filter's columns are permuted instead.
   */
  private static LaidOut product(OnnxNode at, LaidOut a, Tensor filter, Tensor bias) {
    LaidOut plain = at.graph().plain(a);
    Optional<LaidOut> map = at.graph().unflattened(plain).filter(m -> rowsMatch(m, plain));
    Value input = map.map(LaidOut::value).orElse(plain.value());
    Tensor columns = map.map(m -> permuted(filter, m)).orElse(filter);
    Value weights = at.graph().constant(at.name("weights"), columns).value();
    Value offsets = at.graph().constant(at.name("bias"), bias).value();
    return at.graph()
        .node(
            at.name(),
            new FullyConnected(plain.rank() != 2, Activation.NONE),
            a.dtype(),
            Order.source(plain.rank()),
            List.of(input, weights, offsets));
  }

  /** Whether a map's first axis is outermost and becomes the rows of the matrix. */
  private static boolean rowsMatch(LaidOut map, LaidOut matrix) {
    return matrix.rank() == 2
        && map.rank() > 1
        && map.order().axes().getFirst() == 0
        && map.shape().dim(0) == matrix.shape().dim(0);
  }

  /** The filter for inputs that are flattened in the map's order instead of the source's. */
  private static Tensor permuted(Tensor filter, LaidOut map) {
    int[] source = map.shape().dims();
    source[0] = 1;
    int[] from = Permutation.positions(Shape.of(source), map.order().axes());
    float[] old = filter.floats();
    float[] moved = new float[old.length];
    int depth = filter.shape().dim(1);
    for (int i = 0; i < moved.length; i++) {
      moved[i] = old[i / depth * depth + from[i % depth]];
    }
    return Tensor.ofFloats(filter.type(), moved);
  }

  static void matMul(OnnxNode at) {
    at.require(2, 2);
    LaidOut a = at.x(0);
    Optional<Tensor> b = at.data(1);
    if (b.isEmpty() || b.get().shape().rank() != 2 || a.rank() < 2 || !b.get().type().isFloat()) {
      throw new UnsupportedNode(at.describe(), "a constant right side of 2 axes");
    }
    Tensor filter = Permutation.apply(b.get(), List.of(1, 0));
    requireDepth(at, a, filter);
    at.set(product(at, a, filter, bias(at, Optional.empty(), filter.shape().dim(0))));
  }
}
