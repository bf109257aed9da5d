package dev.thimble.importer.onnx;

import dev.thimble.graph.Value;
import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.Order;
import dev.thimble.importer.layout.Permutation;
import dev.thimble.op.Activation;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Op;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Convolutions. */
final class ConvolutionImport {
  private ConvolutionImport() {}

  static void conv(OnnxNode at) {
    at.require(2, 3);
    LaidOut x = at.x(0);
    if (at.data(1).isPresent()) {
      Tensor filter = filter(at, 1, x.rank());
      at.set(convolved(at, at.name(), x, filter, bias(at, 2, filter.shape().dim(0))));
      return;
    }
    LaidOut filter = computed(at, 1, x.rank());
    Conv2d op = plain(at, x, filter.shape());
    List<Value> operands =
        List.of(Maps.nhwc(at, x), Maps.nhwc(at, filter), bias(at, 2, filter.shape().dim(0)));
    LaidOut map = at.graph().node(at.name(), op, x.dtype(), Order.channelsLast(4), operands);
    at.set(Maps.result(at, map, x.rank()));
  }

  /** The convolution of a map with a filter of its own type. */
  static LaidOut convolved(OnnxNode at, String name, LaidOut x, Tensor filter, Value bias) {
    Conv2d plain = plain(at, x, filter.shape());
    boolean depthwise = filter.shape().dim(1) == 1 && plain.groups() > 1;
    Op op =
        depthwise
            ? new DepthwiseConv2d(
                plain.stride(),
                plain.dilation(),
                plain.padding(),
                filter.shape().dim(0) / plain.groups(),
                Activation.NONE)
            : plain;
    Value weights = depthwise ? depthwise(at, filter) : ohwi(at, filter);
    List<Value> operands = List.of(Maps.nhwc(at, x), weights, bias);
    LaidOut map = at.graph().node(name, op, x.dtype(), Order.channelsLast(4), operands);
    return Maps.result(at, map, x.rank());
  }

  /** The convolution of a map with a filter of this shape. */
  private static Conv2d plain(OnnxNode at, LaidOut x, Shape filter) {
    List<Integer> spatial = Maps.spatial(at, x);
    Windows window = Windows.read(at, spatial, kernel(at, filter));
    int groups = at.attributes().integer("group", 1);
    int channels = x.shape().dim(1);
    int perGroup = filter.dim(1);
    if (groups < 1 || (long) perGroup * groups != channels || filter.dim(0) % groups != 0) {
      throw at.malformed(
          "has "
              + channels
              + " channels and "
              + groups
              + " groups, but a filter of shape "
              + filter);
    }
    return new Conv2d(
        window.stride(), window.dilation(), window.padding(), groups, Activation.NONE);
  }

  /** A filter that is computed at run time, of as many axes as the input. */
  static LaidOut computed(OnnxNode at, int operand, int rank) {
    LaidOut filter = at.x(operand);
    if (filter.rank() != rank) {
      throw at.malformed(
          "has a filter of shape " + filter.shape() + " for an input of " + rank + " axes");
    }
    return filter;
  }

  /** The constant filter, of as many axes as the input. */
  static Tensor filter(OnnxNode at, int operand, int rank) {
    Tensor filter = at.constant(operand, "filter");
    if (filter.shape().rank() != rank) {
      throw at.malformed(
          "has a filter of shape " + filter.shape() + " for an input of " + rank + " axes");
    }
    return filter;
  }

  static List<Long> kernel(OnnxNode at, Shape filter) {
    int[] dims = filter.dims();
    List<Long> kernel =
        Arrays.stream(dims, 2, dims.length).mapToObj(extent -> (long) extent).toList();
    Optional<List<Long>> stored = at.attributes().integers("kernel_shape");
    if (stored.isPresent() && !stored.get().equals(kernel)) {
      throw at.malformed("has kernel_shape " + stored.get() + " and a filter of shape " + filter);
    }
    return kernel;
  }

  /** A filter [O,I,H,W] or [O,I,L] with axis 2 as its rows. */
  static Tensor asMap(Tensor filter) {
    Shape shape = filter.shape();
    return shape.rank() == 4
        ? filter
        : filter.as(filter.type().withShape(Shape.of(shape.dim(0), shape.dim(1), 1, shape.dim(2))));
  }

  private static Value ohwi(OnnxNode at, Tensor filter) {
    Tensor moved = Permutation.apply(asMap(filter), List.of(0, 2, 3, 1));
    return at.graph().constant(at.name("filter"), moved).value();
  }

  /** A filter [C*M,1,H,W] as [1,H,W,C*M]. */
  private static Value depthwise(OnnxNode at, Tensor filter) {
    Tensor moved = Permutation.apply(asMap(filter), List.of(1, 2, 3, 0));
    return at.graph().constant(at.name("filter"), moved).value();
  }

  /** The float bias of so many channels, zeros where the node has none. */
  static Value bias(OnnxNode at, int operand, int channels) {
    TensorType type = TensorType.of(DType.FLOAT32, Shape.of(channels));
    if (!at.has(operand)) {
      Tensor zeros = Tensor.ofFloats(type, new float[channels]);
      return at.graph().constant(at.name("bias"), zeros).value();
    }
    LaidOut bias = at.x(operand);
    if (!bias.shape().equals(type.shape())) {
      throw at.malformed(
          "has a bias of shape " + bias.shape() + " for " + channels + " output channels");
    }
    return bias.value();
  }
}
