package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.ArgReduce;
import dev.thimble.op.CumulativeSum;
import dev.thimble.op.Reverse;
import dev.thimble.op.ReverseSequence;
import dev.thimble.op.TopK;
import java.util.List;
import java.util.TreeSet;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.CumsumOptions;
import org.tensorflow.lite.schema.ReverseSequenceOptions;

/** The operators that order, count or add elements along an axis. */
final class OrderImport {
  private OrderImport() {}

  static Node arg(Operands at, ArgReduce.Function function) {
    at.require(2, 2);
    int axis = at.axis(at.integer(1, "axis"), at.tensor(0).shape().size());
    return at.node(
        () -> new ArgReduce(function, axis, false, false),
        "int32 or int64 results",
        List.of(at.output()),
        List.of(at.input(0)));
  }

  /** Two nodes, for values and for indices; the last axis is ordered. */
  static Node topK(Operands at) {
    at.require(2, 2, 2);
    Value input = at.input(0);
    long count = at.integer(1, "k");
    int axis = at.axis(-1, input.type().shape().rank());
    if (count < 1 || count > input.type().shape().dim(axis)) {
      throw at.malformed("takes " + count + " of " + input.type());
    }
    Node values = ordered(at, TopK.Result.VALUES, axis, (int) count);
    at.before(values);
    return ordered(at, TopK.Result.INDICES, axis, (int) count);
  }

  private static Node ordered(Operands at, TopK.Result result, int axis, int count) {
    return at.node(
        () -> new TopK(result, axis, count, true),
        "values of the input's type and int32 or int64 indices",
        List.of(at.output(result == TopK.Result.VALUES ? 0 : 1)),
        List.of(at.input(0)));
  }

  static Node cumsum(Operands at) {
    at.require(2, 2);
    CumsumOptions options = new CumsumOptions();
    boolean stored = at.options(BuiltinOptions.CumsumOptions, options).isPresent();
    boolean exclusive = stored && at.read(options::exclusive);
    boolean reverse = stored && at.read(options::reverse);
    int axis = at.axis(at.integer(1, "axis"), at.tensor(0).shape().size());
    return at.node(
        () -> new CumulativeSum(axis, exclusive, reverse),
        "float32, integers without quantisation, or short sums of int8 per tensor",
        List.of(at.output()),
        List.of(at.input(0)));
  }

  static Node reverse(Operands at) {
    at.require(2, 2);
    int rank = at.tensor(0).shape().size();
    TreeSet<Integer> axes = new TreeSet<>();
    at.integers(1, "axes").forEach(axis -> axes.add(at.axis(axis, rank)));
    return MoveImport.moved(at, () -> new Reverse(List.copyOf(axes)));
  }

  static Node reverseSequence(Operands at) {
    at.require(2, 2);
    ReverseSequenceOptions options =
        at.requiredOptions(BuiltinOptions.ReverseSequenceOptions, new ReverseSequenceOptions());
    int rank = at.tensor(0).shape().size();
    int axis = at.axis(at.read(options::seqDim), rank);
    int batch = at.axis(at.read(options::batchDim), rank);
    return at.node(
        () -> new ReverseSequence(axis, batch),
        "int32 or int64 lengths and " + MoveImport.SAME,
        List.of(at.output()),
        List.of(at.input(0), at.input(1)));
  }
}
