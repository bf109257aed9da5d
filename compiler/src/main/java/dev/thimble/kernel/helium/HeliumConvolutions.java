package dev.thimble.kernel.helium;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.Selection;
import dev.thimble.op.Conv2d;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.OptionalInt;

/** Convolutions of one group, and matrix products. */
final class HeliumConvolutions {
  private HeliumConvolutions() {}

  static List<Candidate> candidates(FullyConnected op, KernelRequest request) {
    ConvolutionQuantization quantization = FilterParameters.quantization(request);
    ParameterList list = new ParameterList();
    HeliumScale scale = new HeliumScale(quantization, request.rounding());
    if (!isExact(scale, request)) {
      return List.of();
    }
    if (HeliumNibbles.serves(request)) {
      return ofFewBits(scale, request);
    }
    HeliumGemm gemm = gemm(list, scale, request);
    int rows = request.input().elements() / gemm.depth();
    list.int32("rows", rows);
    String name = "fully_connected_s8_helium";
    return List.of(
        new Candidate(
            new Kernel(
                "fully_connected/" + name + ".c",
                name,
                new Form.Whole(),
                List.of(0),
                list.toList(),
                gemm.sumsBytes(),
                false),
            gemm.instructions(rows)));
  }

  static List<Candidate> candidates(Conv2d op, KernelRequest request) {
    ConvolutionQuantization quantization = FilterParameters.quantization(request);
    ParameterList list = new ParameterList();
    HeliumScale scale = new HeliumScale(quantization, request.rounding());
    if (op.groups() > 1 || !isExact(scale, request)) {
      return List.of();
    }
    if (HeliumNibbles.serves(request)) {
      return ofFewBits(op, scale, request);
    }
    HeliumGemm gemm = gemm(list, scale, request);
    geometry(list, op, request);
    String name = "conv2d_s8_helium";
    int windows = isDirect(op, request) ? 0 : gemm.windows() * gemm.depth();
    return List.of(
        new Candidate(
            new Kernel(
                "conv2d/" + name + ".c",
                name,
                tile(op, request),
                List.of(0),
                list.toList(),
                gemm.sumsBytes() + windows,
                false),
            cycles(op, request, gemm)));
  }

  private static List<Candidate> ofFewBits(HeliumScale scale, KernelRequest request) {
    HeliumNibbles nibbles = HeliumNibbles.of(request);
    if (!nibbles.fits(scale, request)) {
      return List.of();
    }
    ParameterList list = new ParameterList();
    nibbles.addTo(list, scale, request);
    int rows = request.input().elements() / nibbles.depth();
    list.int32("rows", rows);
    String name = "fully_connected_nibbles_s8_helium";
    Kernel kernel =
        new Kernel(
            "fully_connected/" + name + ".c",
            name,
            new Form.Whole(),
            List.of(0),
            list.toList(),
            0,
            false);
    return List.of(new Candidate(kernel, nibbles.instructions(rows)));
  }

  private static List<Candidate> ofFewBits(Conv2d op, HeliumScale scale, KernelRequest request) {
    HeliumNibbles nibbles = HeliumNibbles.of(request);
    if (!nibbles.fits(scale, request)) {
      return List.of();
    }
    if (isDirect(op, request)) {
      return List.of(ofFewBits(op, scale, request, nibbles, 0));
    }
    Candidate two = ofFewBits(op, scale, request, nibbles, 2);
    return nibbles.depth() > HeliumGemm.SMALL
        ? List.of(two)
        : List.of(ofFewBits(op, scale, request, nibbles, HeliumGemm.SMALL_WINDOWS), two);
  }

  /** With so many windows copied at a time. */
  private static Candidate ofFewBits(
      Conv2d op, HeliumScale scale, KernelRequest request, HeliumNibbles nibbles, int windows) {
    ParameterList list = new ParameterList();
    nibbles.addTo(list, scale, request);
    geometry(list, op, request);
    list.flag("several", windows > 2);
    String name = "conv2d_nibbles_s8_helium";
    Kernel kernel =
        new Kernel(
            "conv2d/" + name + ".c",
            name,
            tile(op, request),
            List.of(0),
            list.toList(),
            (windows * nibbles.depth() + 3) / 4 * 4,
            false);
    Shape output = request.output().shape();
    long rows = (long) output.dim(0) * output.dim(1);
    long height = Selection.kernelSize(request.inputs().get(1)).height();
    long copied = windows == 0 ? 0 : windows > 2 ? 10 + 25 * height : 30 + 60 * height;
    return new Candidate(
        kernel, rows * (nibbles.instructions(output.dim(2)) + output.dim(2) * copied));
  }

  static boolean isExact(HeliumScale scale, KernelRequest request) {
    return scale.isExact(
        FilterParameters.bias(request), Selection.constant(request, 1, "filter").ints(), false);
  }

  static HeliumGemm gemm(ParameterList list, HeliumScale scale, KernelRequest request) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = FilterParameters.bias(request);
    HeliumGemm gemm = new HeliumGemm(filter, bias.length, scale.mode());
    gemm.addTo(list);
    scale.addTo(list, scale.foldedBias(bias, filter, false), gemm.order());
    return gemm;
  }

  private static boolean isPointwise(Conv2d op, Size2d kernel) {
    return kernel.equals(Size2d.ONE)
        && op.stride().equals(Size2d.ONE)
        && op.padding().equals(Padding2d.NONE);
  }

  /** Whether every window is one piece of an input row. */
  private static boolean isDirect(Conv2d op, KernelRequest request) {
    Size2d kernel = Selection.kernelSize(request.inputs().get(1));
    int columns = request.output().shape().dim(2);
    int right = (columns - 1) * op.stride().width() + kernel.width() - op.padding().left();
    return kernel.height() == 1
        && (kernel.width() == 1 || op.dilation().width() == 1)
        && op.padding().left() == 0
        && right <= request.input().shape().dim(2);
  }

  static void geometry(ParameterList list, Conv2d op, KernelRequest request) {
    Shape input = request.input().shape();
    Size2d kernel = Selection.kernelSize(request.inputs().get(1));
    // A pointwise kernel may run over all rows and batch entries as one long row.
    int width = isPointwise(op, kernel) ? Selection.product(input, 0, 3) : input.dim(2);
    list.inside("window")
        .int32("input_width", width)
        .int32("channels", input.dim(3))
        .uint16("kernel_height", kernel.height())
        .uint16("kernel_width", kernel.width())
        .uint16("stride_width", op.stride().width())
        .uint16("dilation_height", op.dilation().height())
        // A single column has no distance to the next, and lies where it is read in any case.
        .uint16("dilation_width", kernel.width() == 1 ? 1 : op.dilation().width())
        .uint16("left", op.padding().left())
        .int8("input_zero_point", request.input().zeroPoint());
  }

  /** Of two pixels the second one is read where it lies after channels of both were written. */
  private static Form.Tile tile(Conv2d op, KernelRequest request) {
    TensorType filter = request.inputs().get(1);
    Size2d kernel = Selection.kernelSize(filter);
    int span = (kernel.height() - 1) * op.dilation().height() + 1;
    boolean padded = op.padding().top() > 0 || op.padding().bottom() > 0;
    OptionalInt outside =
        span == 1 && padded ? OptionalInt.of(request.input().zeroPoint()) : OptionalInt.empty();
    int stride = op.stride().width();
    return Selection.pixels(
        request,
        new Form.RowWindow(span, op.stride().height(), op.padding().top()),
        stride,
        op.padding().left() + stride,
        outside,
        isPointwise(op, kernel));
  }

  static long cycles(Conv2d op, KernelRequest request, HeliumGemm gemm) {
    Shape output = request.output().shape();
    Size2d kernel = Selection.kernelSize(request.inputs().get(1));
    long pixels = (long) output.dim(0) * output.dim(1) * output.dim(2);
    if (isDirect(op, request)) {
      return gemm.instructions(pixels);
    }
    long rows = pixels / output.dim(2);
    int bytes = kernel.width() * request.input().shape().dim(3);
    if (gemm.isSmall()) {
      long copied = 10 + kernel.height() * (8L + bytes / 3);
      return rows * (300 + gemm.instructions(output.dim(2))) + pixels * copied;
    }
    long row = 12 + 3L * bytes / 16;
    return rows * gemm.instructions(output.dim(2)) + pixels * (30 + kernel.height() * row);
  }
}
