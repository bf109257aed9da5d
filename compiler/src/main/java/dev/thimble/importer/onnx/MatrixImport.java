package dev.thimble.importer.onnx;

import dev.thimble.graph.Value;
import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.Order;
import dev.thimble.importer.layout.Permutation;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.MatMul;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Products of matrices. */
final class MatrixImport {
  private MatrixImport() {}

  /** alpha * A' * B' + beta * C. */
  static void gemm(OnnxNode at) {
    at.require(2, 3);
    Attributes attributes = at.attributes();
    float alpha = attributes.real("alpha", 1);
    float beta = attributes.real("beta", 1);
    boolean turnedA = attributes.flag("transA", false);
    boolean turnedB = attributes.flag("transB", false);
    attributes.ignore("broadcast");
    if (at.x(0).rank() != 2 || at.x(1).rank() != 2) {
      throw at.malformed("multiplies " + at.describe());
    }
    LaidOut a = turnedA ? at.x(0).transposed(List.of(1, 0)) : at.x(0);
    LaidOut b = turnedB ? at.x(1).transposed(List.of(1, 0)) : at.x(1);
    if (a.shape().dim(1) != b.shape().dim(0)) {
      throw at.malformed("multiplies " + at.describe());
    }
    Optional<Tensor> known = at.graph().data(b).filter(data -> data.type().isFloat());
    if (known.isEmpty()) {
      computed(at, a, b, alpha, beta);
      return;
    }
    Tensor filter = scaled(Permutation.apply(known.get(), List.of(1, 0)), alpha);
    int outputs = filter.shape().dim(0);
    Optional<Tensor> c = at.has(2) ? at.data(2) : Optional.empty();
    boolean row = !at.has(2) || (c.isPresent() && isRow(c.get(), outputs));
    Tensor bias = bias(c.filter(data -> row).map(data -> scaled(data, beta)), outputs);
    LaidOut product = product(at, row ? at.name() : at.name("product"), a, filter, bias);
    at.set(row ? product : plus(at, product, beta));
  }

  private static boolean isRow(Tensor c, int outputs) {
    int elements = c.type().elements();
    return elements == 1 || (elements == outputs && c.shape().dim(-1) == outputs);
  }

  /** A product of matrices that are both computed. */
  private static void computed(OnnxNode at, LaidOut a, LaidOut b, float alpha, float beta) {
    boolean scales = alpha != 1;
    boolean adds = at.has(2);
    String name = scales || adds ? at.name("product") : at.name();
    LaidOut product = matMul(at, name, a, b);
    if (scales) {
      String scaled = adds ? at.name("scaled") : at.name();
      product = ElementwiseImport.with(at, scaled, Binary.Function.MUL, product, alpha);
    }
    at.set(adds ? plus(at, product, beta) : product);
  }

  /** The product of two matrices; a transposed one is read as it lies. */
  static LaidOut matMul(OnnxNode at, String name, LaidOut a, LaidOut b) {
    MatMul op = new MatMul(isTurned(a), isTurned(b));
    List<Value> operands = List.of(last(at, a), last(at, b));
    int rank = Math.max(a.rank(), b.rank());
    return at.graph().node(name, op, a.dtype(), Order.source(rank), operands);
  }

  /** Whether the value has the source's axes but for the last two, which are exchanged. */
  private static boolean isTurned(LaidOut x) {
    return x.order().equals(turned(x.rank()));
  }

  private static Order turned(int rank) {
    List<Integer> axes = new ArrayList<>(Order.source(rank).axes());
    Collections.swap(axes, rank - 1, rank - 2);
    return new Order(axes);
  }

  private static Value last(OnnxNode at, LaidOut x) {
    return isTurned(x) ? x.value() : at.graph().plain(x).value();
  }

  private static LaidOut plus(OnnxNode at, LaidOut product, float beta) {
    LaidOut c = at.x(2);
    if (beta != 1) {
      c = ElementwiseImport.with(at, at.name("summand"), Binary.Function.MUL, c, beta);
    }
    return ElementwiseImport.pair(at, at.name(), Binary.Function.ADD, List.of(product, c));
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

  /** C as a bias: one number, one for each output, or nothing. */
  private static Tensor bias(Optional<Tensor> c, int outputs) {
    TensorType type = TensorType.of(DType.FLOAT32, Shape.of(outputs));
    if (c.isEmpty()) {
      return Tensor.ofFloats(type, new float[outputs]);
    }
    return c.get().type().elements() == 1 ? ConstantImport.filled(type, c.get()) : c.get().as(type);
  }

  /**
   * The product with a constant filter [O,I]. What was transposed only to be flattened is read as
   * it was, and the filter's columns are permuted instead.
   */
  static LaidOut product(OnnxNode at, String name, LaidOut a, Tensor filter, Tensor bias) {
    LaidOut plain = at.graph().plain(a);
    Optional<LaidOut> map = at.graph().unflattened(plain).filter(m -> rowsMatch(m, plain));
    Value input = map.map(LaidOut::value).orElse(plain.value());
    Tensor columns = map.map(m -> permuted(filter, m)).orElse(filter);
    Value weights = at.graph().constant(at.name("weights"), columns).value();
    Value offsets = at.graph().constant(at.name("bias"), bias).value();
    return at.graph()
        .node(
            name,
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

  /** A product of matrices, or of stacks of them; a vector is a matrix of one row or column. */
  static void matMul(OnnxNode at) {
    at.require(2, 2);
    LaidOut a = at.x(0);
    LaidOut b = at.x(1);
    if (a.rank() == 0 || b.rank() == 0) {
      throw at.malformed("multiplies " + at.describe());
    }
    boolean row = a.rank() == 1;
    boolean column = b.rank() == 1;
    if (row) {
      a = at.graph().reshape(at.name("row"), a, Shape.of(1, a.shape().dim(0)));
    }
    if (column) {
      b = at.graph().reshape(at.name("column"), b, Shape.of(b.shape().dim(0), 1));
    }
    if (a.shape().dim(-1) != b.shape().dim(-2)) {
      throw at.malformed("multiplies " + at.describe());
    }
    String name = row || column ? at.name("matrix") : at.name();
    Optional<Tensor> known = at.graph().data(b).filter(data -> data.type().isFloat());
    LaidOut product;
    if (known.isPresent() && b.rank() == 2 && !at.graph().isConstant(a)) {
      Tensor filter = Permutation.apply(known.get(), List.of(1, 0));
      product = product(at, name, a, filter, bias(Optional.empty(), filter.shape().dim(0)));
    } else {
      product = matMul(at, name, a, b);
    }
    at.set(row || column ? withoutAxes(at, product, row, column) : product);
  }

  private static LaidOut withoutAxes(OnnxNode at, LaidOut product, boolean row, boolean column) {
    List<Integer> dims = new ArrayList<>();
    for (int axis = 0; axis < product.rank(); axis++) {
      boolean dropped =
          (row && axis == product.rank() - 2) || (column && axis == product.rank() - 1);
      if (!dropped) {
        dims.add(product.shape().dim(axis));
      }
    }
    return at.graph().reshape(at.name(), product, at.shape(dims));
  }
}
