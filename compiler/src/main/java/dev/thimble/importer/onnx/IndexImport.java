package dev.thimble.importer.onnx;

import dev.thimble.graph.Value;
import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.Order;
import dev.thimble.op.Gather;
import dev.thimble.op.GatherElements;
import dev.thimble.op.GatherNd;
import dev.thimble.op.OneHot;
import dev.thimble.op.ReverseSequence;
import dev.thimble.op.ScatterElements;
import dev.thimble.op.ScatterNd;
import dev.thimble.op.ScatterReduction;
import dev.thimble.op.TopK;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Operators that take or put single elements by index. */
final class IndexImport {
  private IndexImport() {}

  static void gatherElements(OnnxNode at) {
    at.require(2, 2);
    LaidOut x = at.x(0);
    int axis = at.axis(at.attributes().integer("axis", 0), x.rank());
    at.set(elements(at, at.name(), x, at.x(1), axis));
  }

  /** Elements at indices along an axis of the source. */
  static LaidOut elements(OnnxNode at, String name, LaidOut x, LaidOut indices, int axis) {
    if (x.rank() != indices.rank()) {
      throw at.malformed("takes elements of " + x.shape() + " at " + indices.shape());
    }
    return at.graph()
        .node(
            name,
            new GatherElements(x.axis(axis)),
            x.dtype(),
            x.order(),
            List.of(x.value(), at.graph().in(indices, x.order())));
  }

  static void gatherNd(OnnxNode at) {
    at.require(2, 2);
    LaidOut x = at.graph().plain(at.x(0));
    GatherNd op = new GatherNd(at.attributes().integer("batch_dims", 0));
    plain(at, op, x.dtype(), x.value(), at.graph().plain(at.x(1)).value());
  }

  /** A node whose operands and result are in the source's order. */
  private static void plain(OnnxNode at, dev.thimble.op.Op op, DType dtype, Value... operands) {
    Shape shape =
        op.outputShapes(java.util.Arrays.stream(operands).map(Value::type).toList()).getFirst();
    at.set(at.graph().node(at.name(), op, dtype, Order.source(shape.rank()), List.of(operands)));
  }

  static void scatterElements(OnnxNode at) {
    at.require(3, 3);
    LaidOut x = at.graph().plain(at.x(0));
    int axis = at.axis(at.attributes().integer("axis", 0), x.rank());
    ScatterElements op = new ScatterElements(axis, reduction(at));
    Value indices = at.graph().plain(at.x(1)).value();
    plain(at, op, x.dtype(), x.value(), indices, at.graph().plain(at.x(2)).value());
  }

  static void scatterNd(OnnxNode at) {
    at.require(3, 3);
    LaidOut x = at.graph().plain(at.x(0));
    ScatterNd op = new ScatterNd(reduction(at));
    Value indices = at.graph().plain(at.x(1)).value();
    plain(at, op, x.dtype(), x.value(), indices, at.graph().plain(at.x(2)).value());
  }

  private static ScatterReduction reduction(OnnxNode at) {
    String name = at.attributes().text("reduction", "none");
    try {
      return ScatterReduction.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw at.malformed("has reduction " + Source.quoted(name));
    }
  }

  /** Indices and the depth may be floats that are whole numbers. */
  static void oneHot(OnnxNode at) {
    at.require(3, 3);
    LaidOut indices =
        CastImport.cast(at, at.name("indices"), at.graph().plain(at.x(0)), DType.INT64);
    LaidOut values = at.x(2);
    double depth = at.number(1, "depth");
    int axis = at.axis(at.attributes().integer("axis", -1), indices.rank() + 1);
    if (!(depth >= 1 && depth <= Integer.MAX_VALUE)) {
      throw at.malformed("has depth " + depth);
    }
    OneHot op = new OneHot(axis, (int) depth, true);
    plain(at, op, values.dtype(), indices.value(), values.value());
  }

  static void topK(OnnxNode at) {
    at.require(1, 2);
    LaidOut x = at.x(0);
    int axis = x.axis(at.axis(at.attributes().integer("axis", -1), x.rank()));
    boolean largest = at.attributes().flag("largest", true);
    at.attributes().ignore("sorted");
    double count = at.opset() < 10 ? at.attributes().integer("k", 0) : at.number(1, "k");
    if (!(count >= 1 && count <= x.type().shape().dim(axis))) {
      throw at.malformed("takes " + count + " entries, " + at.describe());
    }
    List<Value> operands = List.of(x.value());
    for (TopK.Result result : TopK.Result.values()) {
      int output = result.ordinal();
      if (at.wants(output)) {
        DType dtype = result == TopK.Result.VALUES ? x.dtype() : DType.INT64;
        TopK op = new TopK(result, axis, (int) count, largest);
        at.set(output, at.graph().node(at.name(output), op, dtype, x.order(), operands));
      }
    }
  }

  static void reverseSequence(OnnxNode at) {
    at.require(2, 2);
    LaidOut x = at.x(0);
    int batch = at.axis(at.attributes().integer("batch_axis", 1), x.rank());
    int time = at.axis(at.attributes().integer("time_axis", 0), x.rank());
    ReverseSequence op = new ReverseSequence(x.axis(time), x.axis(batch));
    List<Value> operands = List.of(x.value(), at.x(1).value());
    at.set(at.graph().node(at.name(), op, x.dtype(), x.order(), operands));
  }

  /** The entries whose condition, which must be known, is true. */
  static void compress(OnnxNode at) {
    at.require(2, 2);
    LaidOut x = at.x(0);
    long[] condition = at.constant(1, "condition").longs();
    boolean flat = at.attributes().integer("axis").isEmpty();
    int axis = flat ? 0 : at.axis(at.attributes().integer("axis", 0), x.rank());
    if (flat) {
      x = at.graph().plain(at.graph().reshape(at.name("flat"), x, Shape.of(x.type().elements())));
    }
    List<Long> kept = new ArrayList<>();
    for (int i = 0; i < Math.min(condition.length, x.shape().dim(axis)); i++) {
      if (condition[i] != 0) {
        kept.add((long) i);
      }
    }
    if (kept.isEmpty()) {
      List<Integer> dims = new ArrayList<>(flat ? List.of(0) : at.dims(0));
      dims.set(axis, 0);
      at.set(0, new Operand.Empty(x.dtype(), dims));
      return;
    }
    TensorType type = TensorType.of(DType.INT64, Shape.of(kept.size()));
    Tensor indices = Tensor.ofLongs(type, kept.stream().mapToLong(i -> i).toArray());
    Value constant = at.graph().constant(at.name("indices"), indices).value();
    Gather op = new Gather(x.axis(axis));
    at.set(at.graph().node(at.name(), op, x.dtype(), x.order(), List.of(x.value(), constant)));
  }

  /** The indices of elements that are not 0: how many there are must be known. */
  static void nonZero(OnnxNode at) {
    at.require(1, 1);
    Tensor data = at.constant(0, "tensor");
    Shape shape = data.shape();
    int rank = Math.max(shape.rank(), 1);
    List<List<Long>> columns = new ArrayList<>();
    for (int i = 0; i < data.type().elements(); i++) {
      boolean zero = data.type().isFloat() ? data.floats()[i] == 0 : data.longs()[i] == 0;
      if (!zero) {
        columns.add(position(i, shape));
      }
    }
    if (columns.isEmpty()) {
      at.set(0, new Operand.Empty(DType.INT64, List.of(rank, 0)));
      return;
    }
    long[] indices = new long[rank * columns.size()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = columns.get(i % columns.size()).get(i / columns.size());
    }
    at.set(Tensor.ofLongs(TensorType.of(DType.INT64, Shape.of(rank, columns.size())), indices));
  }

  private static List<Long> position(int element, Shape shape) {
    List<Long> position = new ArrayList<>();
    int rest = element;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      position.addFirst((long) (rest % shape.dim(axis)));
      rest /= shape.dim(axis);
    }
    return position.isEmpty() ? List.of(0L) : position;
  }
}
