package dev.thimble.exporter;

import dev.thimble.op.CumulativeSum;
import dev.thimble.op.Gather;
import dev.thimble.op.OneHot;
import dev.thimble.op.Reverse;
import dev.thimble.op.TopK;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.CumsumOptionsT;
import org.tensorflow.lite.schema.GatherOptionsT;
import org.tensorflow.lite.schema.OneHotOptionsT;
import org.tensorflow.lite.schema.ReverseV2OptionsT;
import org.tensorflow.lite.schema.TopKV2OptionsT;

/** The operators that find, order or add up elements along an axis. */
final class IndexExport {
  private IndexExport() {}

  /** Constant indices that count from the end are written as those from the beginning. */
  static void gather(Operator at, Gather op) {
    GatherOptionsT options = new GatherOptionsT();
    options.setAxis(op.axis());
    options.setBatchDims(op.batchAxes());
    int indices =
        at.to()
            .known(at.node().inputs().get(1))
            .map(data -> fromTheBeginning(at, data, at.type().shape().dim(op.axis())))
            .orElseGet(() -> at.input(1));
    at.write(
        BuiltinOperator.GATHER,
        op.batchAxes() > 0 ? 5 : at.version(1, 2, 4),
        BuiltinOptions.GatherOptions,
        options,
        at.input(0),
        indices);
  }

  private static int fromTheBeginning(Operator at, Tensor indices, int extent) {
    long[] stored = indices.longs().clone();
    for (int i = 0; i < stored.length; i++) {
      stored[i] = Math.clamp(stored[i] < 0 ? stored[i] + extent : stored[i], 0, extent - 1);
    }
    return at.to().file().constant(at.name("/indices"), Tensor.ofLongs(indices.type(), stored));
  }

  /** Values and indices are outputs of one operator; what the node does not give is left unread. */
  static void topK(Operator at, TopK op) {
    TensorType output = at.outputType();
    boolean values = op.result() == TopK.Result.VALUES;
    boolean last = op.axis() == at.type().shape().rank() - 1;
    if (!op.largest() || !last || (!values && output.dtype() != DType.INT32)) {
      throw new UnsupportedExport("an order with these attributes");
    }
    TensorType other =
        values ? TensorType.of(DType.INT32, output.shape()) : at.type().withShape(output.shape());
    int unread = at.to().between(at.name(values ? "/indices" : "/values"), other);
    int count = at.to().integers(at.name("/count"), Shape.SCALAR, List.of(op.count()));
    at.to()
        .file()
        .operator(
            BuiltinOperator.TOPK_V2,
            at.version(1, 2, 3),
            BuiltinOptions.TopKV2Options,
            new TopKV2OptionsT(),
            new int[] {at.input(0), count},
            values ? new int[] {at.output(), unread} : new int[] {unread, at.output()});
  }

  static void oneHot(Operator at, OneHot op) {
    if (op.fromEnd()) {
      throw new UnsupportedExport("indices that may count from the end");
    }
    Tensor values = at.to().constant(at.node().inputs().get(1), "pair of values");
    OneHotOptionsT options = new OneHotOptionsT();
    options.setAxis(op.axis());
    at.write(
        BuiltinOperator.ONE_HOT,
        1,
        BuiltinOptions.OneHotOptions,
        options,
        at.input(0),
        at.to().integers(at.name("/depth"), Shape.SCALAR, List.of(op.depth())),
        at.to().file().constant(at.name("/on"), element(values, 1)),
        at.to().file().constant(at.name("/off"), element(values, 0)));
  }

  private static Tensor element(Tensor values, int index) {
    TensorType type = values.type().withShape(Shape.SCALAR);
    return type.isFloat()
        ? Tensor.ofFloats(type, values.floats()[index])
        : Tensor.ofLongs(type, values.longs()[index]);
  }

  static void cumulativeSum(Operator at, CumulativeSum op) {
    DType type = at.type().dtype();
    if (at.type().isQuantized()
        || !(type.isFloat() || type == DType.INT32 || type == DType.INT64)) {
      throw new UnsupportedExport("sums of " + at.type());
    }
    CumsumOptionsT options = new CumsumOptionsT();
    options.setExclusive(op.exclusive());
    options.setReverse(op.reverse());
    at.write(
        BuiltinOperator.CUMSUM,
        1,
        BuiltinOptions.CumsumOptions,
        options,
        at.input(0),
        at.to().integers(at.name("/axis"), Shape.SCALAR, List.of(op.axis())));
  }

  /** One operator for each axis: of several, TensorFlow Lite takes neighbours only. */
  static void reverse(Operator at, Reverse op) {
    if (op.axes().isEmpty()) {
      throw new UnsupportedExport("no axis to reverse");
    }
    int from = at.input(0);
    for (int i = 0; i < op.axes().size(); i++) {
      boolean last = i == op.axes().size() - 1;
      int to = last ? at.output() : at.to().between(at.name("/reversed" + i), at.type());
      at.to()
          .file()
          .operator(
              BuiltinOperator.REVERSE_V2,
              at.version(1, 3, 3),
              BuiltinOptions.ReverseV2Options,
              new ReverseV2OptionsT(),
              new int[] {from, at.to().integers(at.name("/axis"), List.of(op.axes().get(i)))},
              to);
      from = to;
    }
  }
}
