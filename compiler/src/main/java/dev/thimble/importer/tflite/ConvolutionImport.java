package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.Shape;
import java.util.List;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.Conv2DOptions;
import org.tensorflow.lite.schema.DepthwiseConv2DOptions;
import org.tensorflow.lite.schema.FullyConnectedOptions;
import org.tensorflow.lite.schema.FullyConnectedOptionsWeightsFormat;

/** The operators with a filter: CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED. */
final class ConvolutionImport {
  private ConvolutionImport() {}

  /** The number of groups is not stored: the input has that many times the filter's channels. */
  static Node conv2d(Operands at) {
    Conv2DOptions options = at.requiredOptions(BuiltinOptions.Conv2DOptions, new Conv2DOptions());
    at.require(2, 3);
    FilterOperands operands = FilterOperands.read(at, FilterOperands.Places.CONVOLUTION);
    Shape filter = operands.filter().type().shape();
    Windows.Geometry window =
        at.read(() ->
            Windows.geometry(
                at,
                new Size2d(filter.dim(1), filter.dim(2)),
                Windows.size(at, "stride", options.strideH(), options.strideW()),
                Windows.size(at, "dilation", options.dilationHFactor(), options.dilationWFactor()),
                options.padding()));
    int channels = operands.input().type().shape().dim(3);
    byte activation = at.read(options::fusedActivationFunction);
    if (operands.scaling().isPresent()) {
      return MixedImport.convolution(at, operands, window, false, at.activation(activation));
    }
    return at.node(
        () ->
            new Conv2d(
                window.stride(),
                window.dilation(),
                window.padding(),
                Math.max(1, channels / filter.dim(3)),
                at.activation(activation)),
        FilterOperands.SUPPORTED,
        operands.input(),
        operands.filter(),
        operands.bias());
  }

  /** As TFLite does, the multiplier is taken from the shapes; a stored one must agree. */
  static Node depthwiseConv2d(Operands at) {
    DepthwiseConv2DOptions options =
        at.requiredOptions(BuiltinOptions.DepthwiseConv2DOptions, new DepthwiseConv2DOptions());
    at.require(2, 3);
    FilterOperands operands = FilterOperands.read(at, FilterOperands.Places.DEPTHWISE);
    Shape filter = operands.filter().type().shape();
    Windows.Geometry window =
        at.read(() ->
            Windows.geometry(
                at,
                new Size2d(filter.dim(1), filter.dim(2)),
                Windows.size(at, "stride", options.strideH(), options.strideW()),
                Windows.size(at, "dilation", options.dilationHFactor(), options.dilationWFactor()),
                options.padding()));
    int multiplier = Math.max(1, filter.dim(3) / operands.input().type().shape().dim(3));
    int stored = at.read(options::depthMultiplier);
    if (stored != 0 && stored != multiplier) {
      throw at.malformed("has depth multiplier " + stored + ", its shapes make it " + multiplier);
    }
    byte activation = at.read(options::fusedActivationFunction);
    if (operands.scaling().isPresent()) {
      return MixedImport.convolution(at, operands, window, true, at.activation(activation));
    }
    return at.node(
        () ->
            new DepthwiseConv2d(
                window.stride(),
                window.dilation(),
                window.padding(),
                multiplier,
                at.activation(activation)),
        FilterOperands.SUPPORTED,
        operands.input(),
        operands.filter(),
        operands.bias());
  }

  static Node fullyConnected(Operands at) {
    FullyConnectedOptions table = new FullyConnectedOptions();
    boolean stored = at.options(BuiltinOptions.FullyConnectedOptions, table).isPresent();
    byte format = stored ? at.read(table::weightsFormat) : 0;
    if (format != FullyConnectedOptionsWeightsFormat.DEFAULT) {
      throw new UnsupportedNode("weights in format " + format, "weights in the default format");
    }
    boolean keepAxes = stored && at.read(table::keepNumDims);
    byte activation = stored ? at.read(table::fusedActivationFunction) : 0;
    boolean asymmetric = stored && at.read(table::asymmetricQuantizeInputs);
    at.require(2, 3);
    FilterOperands operands =
        FilterOperands.read(at, FilterOperands.Places.FULLY_CONNECTED, asymmetric);
    if (operands.scaling().isPresent()) {
      FullyConnected op = new FullyConnected(keepAxes, at.activation(activation));
      return MixedImport.fullyConnected(at, operands, shape(at, op, operands), op.activation());
    }
    return at.node(
        () -> new FullyConnected(keepAxes, at.activation(activation)),
        FilterOperands.SUPPORTED,
        operands.input(),
        operands.filter(),
        operands.bias());
  }

  private static Shape shape(Operands at, FullyConnected op, FilterOperands operands) {
    try {
      return op.outputShape(
          List.of(operands.input().type(), operands.filter().type(), operands.bias().type()));
    } catch (IllegalArgumentException e) {
      throw at.malformed(String.valueOf(e.getMessage()));
    }
  }
}
