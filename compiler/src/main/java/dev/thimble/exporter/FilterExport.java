package dev.thimble.exporter;

import dev.thimble.op.Bias;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.MixedConv2d;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Size2d;
import dev.thimble.op.WindowPool2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.Conv2DOptionsT;
import org.tensorflow.lite.schema.DepthwiseConv2DOptionsT;
import org.tensorflow.lite.schema.FullyConnectedOptionsT;
import org.tensorflow.lite.schema.PadOptionsT;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.Pool2DOptionsT;

/** The operators with windows and filters. */
final class FilterExport {
  /** The fewest elements that are worth packing. */
  private static final int NARROW_ELEMENTS = 64;

  private FilterExport() {}

  /** What a window reads, and how the operator is to pad it. */
  private record Window(int input, byte padding) {}

  static void conv2d(Operator at, Conv2d op) {
    Size2d kernel = kernel(at);
    Window window =
        window(at, kernel, op.stride(), op.dilation(), op.padding(), zeroPoint(at.type()));
    Conv2DOptionsT options = new Conv2DOptionsT();
    options.setStrideH(op.stride().height());
    options.setStrideW(op.stride().width());
    options.setDilationHFactor(op.dilation().height());
    options.setDilationWFactor(op.dilation().width());
    options.setPadding(window.padding());
    options.setFusedActivationFunction(Operator.code(op.activation()));
    boolean narrow = isNarrow(at);
    at.write(
        BuiltinOperator.CONV_2D,
        narrow ? 7 : op.groups() > 1 ? 6 : at.version(1, 3, 4),
        BuiltinOptions.Conv2DOptions,
        options,
        window.input(),
        narrow ? at.to().nibbles(at.node().inputs().get(1)) : filter(at),
        bias(at));
  }

  static void depthwise(Operator at, DepthwiseConv2d op) {
    Window window =
        window(at, kernel(at), op.stride(), op.dilation(), op.padding(), zeroPoint(at.type()));
    DepthwiseConv2DOptionsT options = new DepthwiseConv2DOptionsT();
    options.setStrideH(op.stride().height());
    options.setStrideW(op.stride().width());
    options.setDilationHFactor(op.dilation().height());
    options.setDilationWFactor(op.dilation().width());
    options.setDepthMultiplier(op.multiplier());
    options.setPadding(window.padding());
    options.setFusedActivationFunction(Operator.code(op.activation()));
    at.write(
        BuiltinOperator.DEPTHWISE_CONV_2D,
        at.version(op.dilation().equals(Size2d.ONE) ? 1 : 2, 3, 5),
        BuiltinOptions.DepthwiseConv2DOptions,
        options,
        window.input(),
        filter(at),
        bias(at));
  }

  static void fullyConnected(Operator at, FullyConnected op) {
    FullyConnectedOptionsT options = new FullyConnectedOptionsT();
    options.setKeepNumDims(op.keepAxes());
    options.setFusedActivationFunction(Operator.code(op.activation()));
    boolean perChannel = at.node().inputs().get(1).type().quant() instanceof QuantParams.PerChannel;
    boolean narrow = isNarrow(at);
    int plain = at.version(op.keepAxes() ? 5 : 1, op.keepAxes() ? 5 : 4, 7);
    at.write(
        BuiltinOperator.FULLY_CONNECTED,
        perChannel ? 12 : narrow ? 10 : plain,
        BuiltinOptions.FullyConnectedOptions,
        options,
        at.input(0),
        narrow ? at.to().nibbles(at.node().inputs().get(1)) : filter(at),
        bias(at));
  }

  /** Of the mixed convolutions those of int16 activations and int8 filters. */
  static void mixed(Operator at, MixedConv2d op) {
    boolean wide =
        at.type().dtype() == DType.INT16
            && op.scaling() == MixedConv2d.Scaling.DOUBLE
            && at.node().inputs().get(1).type().dtype() == DType.INT8;
    if (!wide) {
      throw new UnsupportedExport(
          "activations of " + at.type() + " with a filter of " + at.node().inputs().get(1).type());
    }
    conv2d(at, new Conv2d(op.stride(), op.dilation(), op.padding(), op.groups(), op.activation()));
  }

  static void windowPool(Operator at, WindowPool2d op) {
    SingleOutputOp simple = op.simplest();
    if (!(simple instanceof Pool2d pool)) {
      throw new UnsupportedExport("a window of this kind");
    }
    pool(at, pool);
  }

  static void pool(Operator at, Pool2d op) {
    boolean max = op.pooling() == Pool2d.Kind2d.MAX;
    // What is padded must never be the largest; an average does not count padding at all.
    boolean padsMaximum =
        max && at.type().isQuantized() && at.type().zeroPoint() == at.type().dtype().min();
    Window window =
        window(
            at,
            op.kernel(),
            op.stride(),
            Size2d.ONE,
            op.padding(),
            padsMaximum ? zeroPoint(at.type()) : Double.NaN);
    Pool2DOptionsT options = new Pool2DOptionsT();
    options.setFilterHeight(op.kernel().height());
    options.setFilterWidth(op.kernel().width());
    options.setStrideH(op.stride().height());
    options.setStrideW(op.stride().width());
    options.setPadding(window.padding());
    options.setFusedActivationFunction(Operator.code(op.activation()));
    at.write(
        max ? BuiltinOperator.MAX_POOL_2D : BuiltinOperator.AVERAGE_POOL_2D,
        at.version(1, 2, 3),
        BuiltinOptions.Pool2DOptions,
        options,
        window.input());
  }

  private static Size2d kernel(Operator at) {
    Shape filter = at.node().inputs().get(1).type().shape();
    return new Size2d(filter.dim(1), filter.dim(2));
  }

  private static double zeroPoint(TensorType type) {
    return type.isQuantized() ? type.zeroPoint() : 0;
  }

  /**
   * The padding as the format has it, or else an operator of its own that pads before.
   *
   * @param border what a border may hold; not a number where there must be none
   */
  private static Window window(
      Operator at,
      Size2d kernel,
      Size2d stride,
      Size2d dilation,
      Padding2d padding,
      double border) {
    Shape input = at.type().shape();
    if (padding.equals(Padding2d.NONE)) {
      return new Window(at.input(0), Padding.VALID);
    }
    if (padding.equals(Padding2d.same(input.dim(1), input.dim(2), kernel, stride, dilation))) {
      return new Window(at.input(0), Padding.SAME);
    }
    if (Double.isNaN(border)) {
      throw new UnsupportedExport("the padding " + padding);
    }
    Shape padded =
        input
            .with(1, input.dim(1) + padding.top() + padding.bottom())
            .with(2, input.dim(2) + padding.left() + padding.right());
    int between = at.to().between(at.name("/padded"), at.type().withShape(padded));
    int widths =
        at.to()
            .integers(
                at.name("/paddings"),
                Shape.of(4, 2),
                List.of(
                    0, 0, padding.top(), padding.bottom(), padding.left(), padding.right(), 0, 0));
    at.to()
        .file()
        .operator(
            BuiltinOperator.PAD,
            at.version(1, 2, 4),
            BuiltinOptions.PadOptions,
            new PadOptionsT(),
            new int[] {at.input(0), widths},
            between);
    return new Window(between, Padding.VALID);
  }

  /** Whether int8 activations meet a filter of 4 bits, as kernels here pack it, too. */
  private static boolean isNarrow(Operator at) {
    Tensor filter = at.to().constant(at.node().inputs().get(1), "filter");
    return at.to().fourBits()
        && at.type().dtype() == DType.INT8
        && filter.type().dtype() == DType.INT8
        && filter.type().elements() >= NARROW_ELEMENTS
        && Arrays.stream(filter.ints()).allMatch(each -> each >= -8 && each <= 7);
  }

  static int filter(Operator at) {
    at.to().constant(at.node().inputs().get(1), "filter");
    return at.input(1);
  }

  /** The bias with the scale that it has here: of the input times that of the filter. */
  static int bias(Operator at) {
    Tensor data = at.to().constant(at.node().inputs().get(2), "bias");
    if (Bias.isFractional(data.type())) {
      throw new UnsupportedExport("biases with fractions, which --rounding double has none of");
    }
    int index = at.to().file().constant(at.name("/bias"), data);
    TensorType filter = at.node().inputs().get(1).type();
    if (filter.isQuantized()) {
      int count = filter.quant() instanceof QuantParams.PerChannel p ? p.scales().size() : 1;
      float[] scales = new float[count];
      for (int i = 0; i < count; i++) {
        scales[i] = at.type().scale() * filter.scaleOf(i);
      }
      at.to().file().scales(index, scales);
    }
    return index;
  }
}
