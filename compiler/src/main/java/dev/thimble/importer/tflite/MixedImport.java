package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.MixedConv2d;
import dev.thimble.op.MixedConv2d.Scaling;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Reshape;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.HashSet;
import java.util.List;

/** Nodes with a filter whose activations are of another kind than the filter. */
final class MixedImport {
  private MixedImport() {}

  /** A convolution, or with {@code depthwise} one of each channel by itself. */
  static Node convolution(
      Operands at,
      FilterOperands operands,
      Windows.Geometry window,
      boolean depthwise,
      Activation activation) {
    Scaling scaling = operands.scaling().orElseThrow();
    int channels = operands.input().type().shape().dim(3);
    Value filter = depthwise ? channelsFirst(at, operands.filter()) : operands.filter();
    int groups = depthwise ? channels : Math.max(1, channels / filter.type().shape().dim(3));
    if (scaling == Scaling.DYNAMIC_SYMMETRIC) {
      filter = oneScale(at, filter);
    }
    return at.node(
        () ->
            new MixedConv2d(
                window.stride(), window.dilation(), window.padding(), groups, scaling, activation),
        FilterOperands.SUPPORTED,
        operands.input(),
        filter,
        operands.bias());
  }

  /** A fully connected node: windows of one pixel, each row of inputs a batch entry of its own. */
  static Node fullyConnected(
      Operands at, FilterOperands operands, Shape declared, Activation activation) {
    Shape matrix = operands.filter().type().shape();
    TensorType input = operands.input().type();
    int depth = matrix.dim(1);
    if (input.elements() % depth != 0) {
      throw at.malformed("has an input of " + input.shape() + " for a filter of " + matrix);
    }
    int rows = input.elements() / depth;
    TensorType pixels = input.withShape(Shape.of(rows, 1, 1, depth));
    Value asPixels = at.between("_pixels", pixels);
    at.before(new Node(new Reshape(pixels.shape()), List.of(operands.input()), List.of(asPixels)));
    TensorType filter = withAxis(operands.filter().type(), Shape.of(matrix.dim(0), 1, 1, depth), 0);
    Value filters = at.implied("_filter", at.data(operands.filter()).as(filter));
    Shape results = Shape.of(rows, 1, 1, matrix.dim(0));
    Value sums = at.between("_sums", at.output().type().withShape(results));
    MixedConv2d op =
        new MixedConv2d(
            Size2d.ONE,
            Size2d.ONE,
            Padding2d.NONE,
            1,
            operands.scaling().orElseThrow(),
            activation);
    Node node =
        at.node(
            () -> op,
            FilterOperands.SUPPORTED,
            List.of(sums),
            List.of(asPixels, filters, operands.bias()));
    at.before(node);
    return at.node(
        () -> new Reshape(declared), FilterOperands.SUPPORTED, List.of(at.output()), List.of(sums));
  }

  private static TensorType withAxis(TensorType type, Shape shape, int axis) {
    QuantParams quant =
        type.quant() instanceof QuantParams.PerChannel p
            ? new QuantParams.PerChannel(axis, p.scales())
            : type.quant();
    return new TensorType(type.dtype(), shape, quant);
  }

  /** A filter [1,H,W,O] as [O,H,W,1]. */
  private static Value channelsFirst(Operands at, Value filter) {
    Shape shape = filter.type().shape();
    int channels = shape.dim(3);
    int taps = shape.dim(1) * shape.dim(2);
    int[] stored = at.data(filter).ints();
    int[] turned = new int[stored.length];
    for (int i = 0; i < turned.length; i++) {
      turned[i] = stored[i % taps * channels + i / taps];
    }
    Shape first = Shape.of(channels, shape.dim(1), shape.dim(2), 1);
    return at.implied("_filter", Tensor.ofInts(withAxis(filter.type(), first, 0), turned));
  }

  /** Equal scales of all channels count as a single one. */
  private static Value oneScale(Operands at, Value filter) {
    if (!(filter.type().quant() instanceof QuantParams.PerChannel p)
        || new HashSet<>(p.scales()).size() > 1) {
      return filter;
    }
    QuantParams quant = new QuantParams.PerTensor(p.scales().getFirst(), 0);
    TensorType type = new TensorType(filter.type().dtype(), filter.type().shape(), quant);
    return at.implied("_filter", at.data(filter).as(type));
  }
}
