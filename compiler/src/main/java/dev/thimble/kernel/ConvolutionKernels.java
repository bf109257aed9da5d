package dev.thimble.kernel;

import dev.thimble.op.Activation;
import dev.thimble.op.Conv2d;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Portable kernels of convolutions, alone or with a max pooling, and of matrix products. */
final class ConvolutionKernels {
  private static final int BLOCK = 4;

  private ConvolutionKernels() {}

  static Kernel conv2d(Conv2d op, KernelRequest request) {
    Geometry geometry = Geometry.of(op, request);
    int bits = PackedFilter.bits(request);
    if (bits < Byte.SIZE) {
      Form.Tile form = tile(op, request, geometry, PackedFilter.PIXELS);
      return packed("conv2d", form, geometry, op.activation(), bits, request);
    }
    if (ComputedFilterKernels.serves(request)) {
      return ComputedFilterKernels.conv2d(op, request);
    }
    String name = "conv2d_" + Selection.suffix(request, request.output());
    ParameterList list = new ParameterList();
    parameters(list, geometry, op.activation(), Activation.NONE, request);
    return new Kernel(
        Selection.source("conv2d", name),
        name,
        tile(op, request, geometry, 1),
        List.of(0),
        list.toList(),
        0,
        false);
  }

  /** The kernel of a filter whose elements are packed in so many bits. */
  private static Kernel packed(
      String folder,
      Form form,
      Geometry geometry,
      Activation activation,
      int bits,
      KernelRequest request) {
    ParameterList list = new ParameterList();
    parameters(list.inside("convolution"), geometry, activation, Activation.NONE, request);
    int part = Math.min(geometry.volume(), PackedFilter.PART);
    list.uint16("part", part).uint16("bits", bits);
    String name = folder + "_packed_s8";
    return new Kernel(
        Selection.source(folder, name), name, form, List.of(0), list.toList(), BLOCK * part, false);
  }

  /** The form of a kernel that computes so many pixels at a time. */
  private static Form.Tile tile(Conv2d op, KernelRequest request, Geometry geometry, int pixels) {
    Form.RowWindow window =
        new Form.RowWindow(geometry.spanHeight(), op.stride().height(), op.padding().top());
    return Selection.pixels(
        request,
        window,
        op.stride().width(),
        op.padding().left() + (pixels - 1) * op.stride().width(),
        outside(op, request, window.size()),
        geometry.pointwise());
  }

  /**
   * What stands for rows outside of the map. The kernels take null pointers; but where the window
   * is a single row, a driver could mistake a map of one row for one that serves every output row.
   */
  private static OptionalInt outside(Conv2d op, KernelRequest request, int window) {
    boolean padded = op.padding().top() > 0 || op.padding().bottom() > 0;
    return window == 1 && padded
        ? OptionalInt.of(request.input().isFloat() ? 0 : request.input().zeroPoint())
        : OptionalInt.empty();
  }

  static Kernel fullyConnected(FullyConnected op, KernelRequest request) {
    int bits = PackedFilter.bits(request);
    if (bits < Byte.SIZE) {
      Geometry geometry = Geometry.ofRows(request);
      return packed("fully_connected", new Form.Whole(), geometry, op.activation(), bits, request);
    }
    if (ComputedFilterKernels.serves(request)) {
      return ComputedFilterKernels.fullyConnected(op, request);
    }
    String name = "fully_connected_" + Selection.suffix(request, request.output());
    ParameterList list = new ParameterList();
    parameters(list, Geometry.ofRows(request), op.activation(), Activation.NONE, request);
    return new Kernel(
        Selection.source("fully_connected", name),
        name,
        new Form.Whole(),
        List.of(0),
        list.toList(),
        0,
        false);
  }

  /**
   * The fused kernel, where the pooling has no padding and no window overlaps another: then every
   * convolved pixel is computed at most once. There is none that unpacks filters.
   */
  static Optional<Kernel> fuse(
      Conv2d conv, KernelRequest request, Pool2d pool, KernelRequest pooling) {
    if (ComputedFilterKernels.serves(request)
        || pool.pooling() != Pool2d.Kind2d.MAX
        || !pool.padding().equals(Padding2d.NONE)
        || pool.stride().height() < pool.kernel().height()
        || pool.stride().width() < pool.kernel().width()
        || PackedFilter.bits(request) < Byte.SIZE) {
      return Optional.empty();
    }
    String name = "conv2d_max_pool_" + Selection.suffix(request, request.output());
    ParameterList list = new ParameterList();
    Geometry geometry = Geometry.of(conv, request);
    parameters(list.inside("convolution"), geometry, conv.activation(), pool.activation(), request);
    list.uint16("row_stride", conv.stride().height())
        .uint16("pool_height", pool.kernel().height())
        .uint16("pool_width", pool.kernel().width())
        .uint16("pool_stride_width", pool.stride().width());
    Form.RowWindow window =
        new Form.RowWindow(
            (pool.kernel().height() - 1) * conv.stride().height() + geometry.spanHeight(),
            pool.stride().height() * conv.stride().height(),
            conv.padding().top());
    Shape pooled = pooling.output().shape();
    Form.Tile form =
        new Form.Tile(
            pooled.dim(0),
            pooled.dim(1),
            pooled.dim(2),
            Selection.rowBytes(pooling.output()),
            window,
            List.of(
                Selection.rows(
                    request.input(),
                    pool.stride().width() * conv.stride().width(),
                    conv.padding().left())),
            outside(conv, request, window.size()),
            false);
    return Optional.of(
        new Kernel(
            Selection.source("conv2d_max_pool", name),
            name,
            form,
            List.of(0),
            list.toList(),
            0,
            false));
  }

  /** The fields of {@code conv2d_s8_params} or {@code conv2d_f32_params}, both clamps merged. */
  private static void parameters(
      ParameterList list,
      Geometry geometry,
      Activation first,
      Activation second,
      KernelRequest request) {
    if (request.output().isFloat()) {
      list.table("filter", Parameter.Role.FILTER, Selection.constant(request, 1, "filter").floats())
          .table(
              "bias", Parameter.Role.BIAS_REQUANT, Selection.constant(request, 2, "bias").floats());
      geometry.extents(list);
      list.float32("min", second.clamp(first.min())).float32("max", second.clamp(first.max()));
      geometry.window(list);
      return;
    }
    ConvolutionQuantization quantization = FilterParameters.quantization(request);
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = FilterParameters.bias(request);
    list.table("filter", Parameter.Role.FILTER, DType.INT8, stored(filter, geometry, request))
        .table(
            "bias",
            Parameter.Role.BIAS_REQUANT,
            DType.INT32,
            FilterParameters.foldedBias(bias, filter, false, quantization.inputZeroPoint()));
    FilterParameters.requantizationOfAny(list, quantization);
    geometry.extents(list);
    geometry.window(list);
    int lowest = second.quantizedMin(request.output());
    int highest = second.quantizedMax(request.output());
    FilterParameters.bounds(
        list,
        quantization,
        Math.clamp(quantization.min(), lowest, highest),
        Math.clamp(quantization.max(), lowest, highest));
    FilterParameters.fraction(list, quantization);
  }

  /** The filter's bytes. */
  private static int[] stored(int[] filter, Geometry geometry, KernelRequest request) {
    int bits = PackedFilter.bits(request);
    int[] ordered = ordered(filter, geometry);
    return bits < Byte.SIZE ? PackedFilter.packed(ordered, bits) : ordered;
  }

  /** For each group [O / 4][KH][KW][I][4], then [O % 4][KH][KW][I], from [O][KH][KW][I]. */
  private static int[] ordered(int[] filter, Geometry geometry) {
    int perGroup = geometry.groupFilters();
    int filters = perGroup * geometry.groups();
    int volume = filter.length / filters;
    int[] ordered = new int[filter.length];
    int at = 0;
    for (int o = 0; o < filters; ) {
      int lanes = perGroup - o % perGroup < BLOCK ? 1 : BLOCK;
      for (int i = 0; i < volume; i++) {
        for (int lane = 0; lane < lanes; lane++) {
          ordered[at++] = filter[(o + lane) * volume + i];
        }
      }
      o += lanes;
    }
    return ordered;
  }

  /** The numbers that the kernels of both element types take, in the order of their fields. */
  private record Geometry(
      int inputWidth,
      int channels,
      int depth,
      int groupFilters,
      int groups,
      Size2d kernel,
      int strideWidth,
      Size2d dilation,
      int left,
      boolean pointwise) {
    static Geometry of(Conv2d op, KernelRequest request) {
      Shape input = request.input().shape();
      Shape filter = request.inputs().get(1).shape();
      Size2d kernel = Selection.kernelSize(request.inputs().get(1));
      boolean pointwise =
          kernel.equals(Size2d.ONE)
              && op.stride().equals(Size2d.ONE)
              && op.padding().equals(Padding2d.NONE);
      return new Geometry(
          // A pointwise kernel may run over all rows and batch entries as one long row.
          pointwise ? Selection.product(input, 0, 3) : input.dim(2),
          input.dim(3),
          filter.dim(3),
          filter.dim(0) / op.groups(),
          op.groups(),
          kernel,
          op.stride().width(),
          op.dilation(),
          op.padding().left(),
          pointwise);
    }

    /** Each row of a matrix product's input as a pixel. */
    static Geometry ofRows(KernelRequest request) {
      Shape filter = request.inputs().get(1).shape();
      int depth = filter.dim(1);
      int rows = request.input().elements() / depth;
      return new Geometry(rows, depth, depth, filter.dim(0), 1, Size2d.ONE, 1, Size2d.ONE, 0, true);
    }

    /** The elements of a channel's filter. */
    int volume() {
      return kernel.height() * kernel.width() * depth;
    }

    int spanHeight() {
      return (kernel.height() - 1) * dilation.height() + 1;
    }

    void extents(ParameterList list) {
      list.int32("input_width", inputWidth)
          .int32("channels", channels)
          .int32("depth", depth)
          .int32("group_filters", groupFilters);
    }

    void window(ParameterList list) {
      list.uint16("groups", groups)
          .uint16("kernel_height", kernel.height())
          .uint16("kernel_width", kernel.width())
          .uint16("stride_width", strideWidth)
          .uint16("dilation_height", dilation.height())
          .uint16("dilation_width", dilation.width())
          .uint16("left", left);
    }
  }
}
