package dev.thimble.kernel.scalar;

import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Selection;
import dev.thimble.op.Conv2d;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.Shape;

/**
 * A convolution of one group, or a matrix product, as products of windows and filters.
 *
 * @param filter [O][taps]
 */
record Products(Window window, int[] filter, Sums sums) {
  /**
   * The window of an output pixel.
   *
   * @param left the columns of padding before the map's
   * @param right those behind them
   */
  record Window(
      int inputWidth,
      int channels,
      Size2d kernel,
      int strideWidth,
      Size2d dilation,
      int left,
      int right) {
    int taps() {
      return kernel.height() * kernel.width() * channels;
    }

    /** Whether no window reaches beyond the map's columns, so that it lies there as it is. */
    boolean isPixel() {
      return left == 0 && right == 0 && kernel.equals(Size2d.ONE);
    }
  }

  static Products of(Conv2d op, KernelRequest request) {
    Shape input = request.input().shape();
    Size2d kernel = Selection.kernelSize(request.inputs().get(1));
    boolean pointwise =
        kernel.equals(Size2d.ONE)
            && op.stride().equals(Size2d.ONE)
            && op.padding().equals(Padding2d.NONE);
    // A pointwise kernel may run over all rows and batch entries as one long row.
    int width = pointwise ? Selection.product(input, 0, 3) : input.dim(2);
    Window window =
        new Window(
            width,
            input.dim(3),
            kernel,
            op.stride().width(),
            op.dilation(),
            op.padding().left(),
            op.padding().right());
    return of(request, window, FilterParameters.quantization(request));
  }

  /** Each row of a matrix product's input is a pixel. */
  static Products of(FullyConnected op, KernelRequest request) {
    int depth = request.inputs().get(1).shape().dim(1);
    int rows = request.input().elements() / depth;
    return of(
        request,
        new Window(rows, depth, Size2d.ONE, 1, Size2d.ONE, 0, 0),
        FilterParameters.quantization(request));
  }

  private static Products of(
      KernelRequest request, Window window, ConvolutionQuantization quantization) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = FilterParameters.bias(request);
    return new Products(window, filter, Sums.of(quantization, bias, filter, false));
  }

  int filters() {
    return sums.bias().length;
  }

  int pixels(KernelRequest request) {
    return request.output().elements() / filters();
  }
}
