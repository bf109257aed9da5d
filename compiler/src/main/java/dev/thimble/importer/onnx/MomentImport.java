package dev.thimble.importer.onnx;

import dev.thimble.graph.Value;
import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.Order;
import dev.thimble.op.Binary;
import dev.thimble.op.Expand;
import dev.thimble.op.GroupNorm;
import dev.thimble.op.InstanceNorm;
import dev.thimble.op.LayerNorm;
import dev.thimble.op.LocalResponseNorm;
import dev.thimble.op.Op;
import dev.thimble.op.Reduce;
import dev.thimble.op.Unary;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Normalisations by the mean and variance of what is given. */
final class MomentImport {
  private MomentImport() {}

  static void instance(OnnxNode at) {
    at.require(3, 3);
    at.attributes().ignore("consumed_inputs");
    channels(at, new InstanceNorm(at.attributes().real("epsilon", 1e-5f)), at.x(1), at.x(2));
  }

  /** Before opset 21 scales and biases are those of groups. */
  static void group(OnnxNode at) {
    at.require(3, 3);
    at.attributes().ignore("stash_type");
    int groups =
        at.attributes()
            .integer("num_groups")
            .map(Math::toIntExact)
            .orElseThrow(() -> at.malformed("has no num_groups"));
    int channels = at.x(0).rank() < 2 ? 1 : at.x(0).shape().dim(1);
    LaidOut scale = at.x(1);
    LaidOut bias = at.x(2);
    if (at.opset() < 21 && groups != channels) {
      scale = repeated(at, "scale", scale, channels);
      bias = repeated(at, "bias", bias, channels);
    }
    channels(at, new GroupNorm(groups, at.attributes().real("epsilon", 1e-5f)), scale, bias);
  }

  /** Each number of a list so often that there are as many as channels. */
  private static LaidOut repeated(OnnxNode at, String what, LaidOut numbers, int channels) {
    int groups = numbers.type().elements();
    if (channels % groups != 0) {
      throw at.malformed("has " + groups + " groups of " + channels + " channels");
    }
    LaidOut column = at.graph().reshape(at.name(what), numbers, Shape.of(groups, 1));
    Shape wide = Shape.of(groups, channels / groups);
    LaidOut rows =
        at.graph()
            .node(
                at.name(what),
                new Expand(wide),
                numbers.dtype(),
                Order.source(2),
                List.of(column.value()));
    return at.graph().reshape(at.name(what), rows, Shape.of(channels));
  }

  /** A normalisation of a map with its channels last. */
  private static void channels(OnnxNode at, Op op, LaidOut scale, LaidOut bias) {
    LaidOut x = at.graph().moved(at.x(0), Order.channelsLast(at.x(0).rank()));
    List<Value> operands = List.of(x.value(), scale.value(), bias.value());
    at.set(at.graph().node(at.name(), op, x.dtype(), x.order(), operands));
  }

  static void localResponse(OnnxNode at) {
    at.require(1, 1);
    Attributes attributes = at.attributes();
    int size =
        attributes
            .integer("size")
            .map(Math::toIntExact)
            .orElseThrow(() -> at.malformed("has no size"));
    LaidOut x = at.graph().moved(at.x(0), Order.channelsLast(at.x(0).rank()));
    at.along(
        new LocalResponseNorm(
            (size - 1) / 2,
            size / 2,
            attributes.real("bias", 1),
            attributes.real("alpha", 1e-4f) / size,
            attributes.real("beta", 0.75f)),
        x);
  }

  static void layer(OnnxNode at) {
    at.require(2, 3);
    at.attributes().ignore("stash_type");
    LaidOut x = at.graph().plain(at.x(0));
    int axis = at.axis(at.attributes().integer("axis", -1), x.rank());
    float epsilon = at.attributes().real("epsilon", 1e-5f);
    if (at.wants(1) || at.wants(2)) {
      layerWithMoments(at, x, axis, epsilon);
      return;
    }
    int[] dims = x.shape().dims();
    Shape normalized = Shape.of(Arrays.copyOfRange(dims, axis, dims.length));
    Value scale = parameter(at, 1, 1, normalized);
    Value bias = parameter(at, 2, 0, normalized);
    List<Value> operands = List.of(x.value(), scale, bias);
    at.set(
        at.graph().node(at.name(), new LayerNorm(axis, epsilon), x.dtype(), x.order(), operands));
  }

  /** An operand of this shape; one that is left out is a number everywhere. */
  private static Value parameter(OnnxNode at, int operand, float otherwise, Shape shape) {
    TensorType type = TensorType.of(at.x(0).dtype(), shape);
    if (!at.has(operand)) {
      Tensor one = Tensor.ofFloats(TensorType.float32(1), otherwise);
      return at.graph().constant(at.name("parameter"), ConstantImport.filled(type, one)).value();
    }
    LaidOut stored = at.graph().plain(at.x(operand));
    return stored.shape().equals(shape)
        ? stored.value()
        : at.graph().node(at.name("parameter"), new Expand(shape), type, List.of(stored.value()));
  }

  /** The same with nodes of their own, since something reads the mean or the deviation. */
  private static void layerWithMoments(OnnxNode at, LaidOut x, int axis, float epsilon) {
    List<Integer> axes = IntStream.range(axis, x.rank()).boxed().toList();
    String mean = at.wants(1) ? at.name(1) : at.name("mean");
    LaidOut average = ReduceImport.reduced(at, mean, Reduce.Function.MEAN, x, axes, true);
    LaidOut centred = pair(at, "centred", Binary.Function.SUB, x, average);
    LaidOut squares = pair(at, "squares", Binary.Function.MUL, centred, centred);
    LaidOut variance =
        ReduceImport.reduced(at, at.name("variance"), Reduce.Function.MEAN, squares, axes, true);
    LaidOut raised =
        ElementwiseImport.with(at, at.name("raised"), Binary.Function.ADD, variance, epsilon);
    LaidOut root = unary(at, at.name("root"), Unary.Function.SQRT, raised);
    String inverse = at.wants(2) ? at.name(2) : at.name("inverse");
    LaidOut deviation = unary(at, inverse, Unary.Function.RECIPROCAL, root);
    LaidOut normalized = pair(at, "normalized", Binary.Function.MUL, centred, deviation);
    String name = at.has(2) ? at.name("scaled") : at.name();
    LaidOut scaled =
        ElementwiseImport.pair(at, name, Binary.Function.MUL, List.of(normalized, at.x(1)));
    at.set(
        at.has(2)
            ? ElementwiseImport.pair(at, at.name(), Binary.Function.ADD, List.of(scaled, at.x(2)))
            : scaled);
    at.set(1, average);
    at.set(2, deviation);
  }

  static void meanVariance(OnnxNode at) {
    at.require(1, 1);
    LaidOut x = at.x(0);
    List<Integer> axes =
        at.axes(at.attributes().integers("axes").orElse(List.of(0L, 2L, 3L)), x.rank());
    LaidOut mean = ReduceImport.reduced(at, at.name("mean"), Reduce.Function.MEAN, x, axes, true);
    LaidOut centred = pair(at, "centred", Binary.Function.SUB, x, mean);
    LaidOut squares = pair(at, "squares", Binary.Function.MUL, centred, centred);
    LaidOut variance =
        ReduceImport.reduced(at, at.name("variance"), Reduce.Function.MEAN, squares, axes, true);
    LaidOut root = unary(at, at.name("root"), Unary.Function.SQRT, variance);
    LaidOut raised = ElementwiseImport.with(at, at.name("raised"), Binary.Function.ADD, root, 1e-9);
    at.set(ElementwiseImport.pair(at, at.name(), Binary.Function.DIV, List.of(centred, raised)));
  }

  private static LaidOut pair(
      OnnxNode at, String suffix, Binary.Function function, LaidOut a, LaidOut b) {
    return ElementwiseImport.pair(at, at.name(suffix), function, List.of(a, b));
  }

  private static LaidOut unary(OnnxNode at, String name, Unary.Function function, LaidOut x) {
    return at.graph().node(name, new Unary(function), x.dtype(), x.order(), List.of(x.value()));
  }
}
