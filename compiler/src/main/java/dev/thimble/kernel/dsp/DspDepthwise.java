package dev.thimble.kernel.dsp;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.PackedFilter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.Selection;
import dev.thimble.op.Conv2d;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Depthwise convolutions. */
final class DspDepthwise {
  private static final String NAME = "depthwise_conv2d_s8_dsp";
  private static final String NAME3 = "depthwise_conv2d_s8_dsp3";
  private static final Size2d THREE = new Size2d(3, 3);
  private static final int BLOCK_BYTES = 48;
  private static final int LANES = 4;
  private static final int POINTER_BYTES = 4;

  /** The room for four channels' weights of 4 bits. */
  private static final int UNPACKED_BYTES = 36;

  /** The most groups of four channels whose weights of 4 bits are unpacked at a time. */
  private static final int MOST_UNPACKED = 32;

  /** Runs shorter than a row take less scratch, and free columns of the input sooner. */
  private static final List<Integer> RUNS = List.of(64, 32, 16, 8, 4);

  private DspDepthwise() {}

  static List<Candidate> candidates(DepthwiseConv2d op, KernelRequest request) {
    if (request.input().dtype() != DType.INT8 || request.output().dtype() != DType.INT8) {
      return List.of();
    }
    if (request.input().shape().dim(3) == 1 && op.multiplier() > 1) {
      return ofOneChannel(op, request);
    }
    ConvolutionQuantization quantization = FilterParameters.quantization(request);
    List<Candidate> candidates =
        new ArrayList<>(
            DepthwiseFilter.of(request, quantization)
                .map(filter -> candidates(op, request, filter))
                .orElse(List.of()));
    if (PackedFilter.bits(request) < Byte.SIZE) {
      DepthwiseFilter.ofFewBits(request, quantization)
          .ifPresent(filter -> {
            int groups = (request.input().shape().dim(3) + LANES - 1) / LANES;
            candidates.addAll(threes(op, request, filter, Math.min(groups, MOST_UNPACKED)));
            candidates.addAll(threes(op, request, filter, 1));
          });
    }
    return candidates;
  }

  /** Of a map of one channel a convolution is the same, but for the order of the filter's axes. */
  private static List<Candidate> ofOneChannel(DepthwiseConv2d op, KernelRequest request) {
    Conv2d conv = new Conv2d(op.stride(), op.dilation(), op.padding(), 1, op.activation());
    Tensor filter = outputsFirst(Selection.constant(request, 1, "filter"));
    List<TensorType> inputs = new ArrayList<>(request.inputs());
    inputs.set(1, filter.type());
    List<Optional<Tensor>> constants = new ArrayList<>(request.constants());
    constants.set(1, Optional.of(filter));
    return DspConvolutions.candidates(
        conv, new KernelRequest(conv, inputs, constants, request.outputs(), request.rounding()));
  }

  /** A filter [1,H,W,O] as [O,H,W,1]. */
  private static Tensor outputsFirst(Tensor filter) {
    Shape shape = filter.shape();
    int outputs = shape.dim(3);
    int taps = shape.dim(1) * shape.dim(2);
    int[] from = filter.ints();
    int[] to = new int[from.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = from[i % taps * outputs + i / taps];
    }
    QuantParams quant =
        switch (filter.type().quant()) {
          case QuantParams.PerChannel p -> new QuantParams.PerChannel(0, p.scales());
          case QuantParams.PerTensor p -> p;
          case QuantParams.None p -> p;
        };
    return Tensor.ofInts(
        new TensorType(DType.INT8, Shape.of(outputs, shape.dim(1), shape.dim(2), 1), quant), to);
  }

  private static List<Candidate> candidates(
      DepthwiseConv2d op, KernelRequest request, DepthwiseFilter filter) {
    List<Candidate> candidates = new ArrayList<>();
    if (op.multiplier() == 1) {
      candidates.add(any(op, request, filter));
    }
    candidates.addAll(threes(op, request, filter, 0));
    return candidates;
  }

  /**
   * Kernels for 3 x 3 windows.
   *
   * @param few 0, or of weights of 4 bits how many groups are unpacked at a time
   */
  private static List<Candidate> threes(
      DepthwiseConv2d op, KernelRequest request, DepthwiseFilter filter, int few) {
    List<Candidate> candidates = new ArrayList<>();
    int width = request.output().shape().dim(2);
    for (int run : RUNS) {
      if (isThree(op, request) && (run / 2 < width || run == RUNS.getLast())) {
        candidates.add(three(op, request, filter, Math.min(run, width), few));
      }
    }
    return candidates;
  }

  private static boolean isThree(DepthwiseConv2d op, KernelRequest request) {
    Padding2d padding = op.padding();
    return Selection.kernelSize(request.inputs().get(1)).equals(THREE)
        && op.multiplier() == 1
        && op.stride().width() <= 2
        && op.dilation().width() == 1
        && padding.left() < THREE.width()
        && padding.right() < THREE.width()
        && request.input().shape().dim(3) >= LANES;
  }

  /** A kernel that finishes a pixel before it begins the next, as the one in portable C does. */
  private static Candidate any(DepthwiseConv2d op, KernelRequest request, DepthwiseFilter filter) {
    Size2d kernel = Selection.kernelSize(request.inputs().get(1));
    int channels = request.input().shape().dim(3);
    ParameterList list = new ParameterList();
    filter.any(list);
    list.int32("input_width", request.input().shape().dim(2))
        .int32("channels", channels)
        .uint16("kernel_height", kernel.height())
        .uint16("kernel_width", kernel.width())
        .uint16("stride_width", op.stride().width())
        .uint16("dilation_height", op.dilation().height())
        .uint16("dilation_width", op.dilation().width())
        .uint16("left", op.padding().left());
    bounds(list, filter.quantization());
    filter.addFractions(list);
    Kernel kernelInC =
        new Kernel(
            "depthwise_conv2d/" + NAME + ".c",
            NAME,
            form(op, request, 1, OptionalInt.empty()),
            List.of(0),
            list.toList(),
            POINTER_BYTES * kernel.height() * kernel.width() + (channels + 3) / 4 * 4,
            false);
    return new Candidate(kernelInC, DspMapCosts.depthwise(request, kernel));
  }

  private static void bounds(ParameterList list, ConvolutionQuantization quantization) {
    list.int8("min", quantization.min())
        .int8("max", quantization.max())
        .int8("input_zero_point", quantization.inputZeroPoint())
        .int8("output_zero_point", quantization.outputZeroPoint());
  }

  private static Candidate three(
      DepthwiseConv2d op, KernelRequest request, DepthwiseFilter filter, int run, int few) {
    int stride = op.stride().width();
    ParameterList list = new ParameterList();
    if (few > 0) {
      filter.threeOfFewBits(list);
    } else {
      filter.three(list);
    }
    list.int32("input_width", request.input().shape().dim(2))
        .int32("channels", request.input().shape().dim(3))
        .int32("run", run)
        .uint16("stride_width", stride)
        .uint16("dilation_height", op.dilation().height())
        .uint16("left", op.padding().left());
    bounds(list, filter.quantization());
    list.int32("few", few);
    filter.addFractions(list);
    int pairs = stride == 1 ? (run + 3) / 2 : run + 1;
    Kernel kernel =
        new Kernel(
            "depthwise_conv2d/depthwise_conv2d_s8_" + (few > 0 ? "packed_" : "") + "dsp3.c",
            NAME3,
            form(op, request, run, OptionalInt.of(request.input().zeroPoint())),
            List.of(0),
            list.toList(),
            (pairs + 1) * BLOCK_BYTES + few * UNPACKED_BYTES,
            false);
    long unpacked = few > 0 ? DspMapCosts.unpacked(request, run, few) : 0;
    return new Candidate(kernel, DspMapCosts.depthwise3(request, stride, run) + unpacked);
  }

  /**
   * A run's columns are read again for each four channels, while columns of its end have been
   * written.
   *
   * @param outside what the kernel wants of rows outside of the map, if not null pointers
   */
  private static Form.Tile form(
      DepthwiseConv2d op, KernelRequest request, int run, OptionalInt outside) {
    Size2d kernel = Selection.kernelSize(request.inputs().get(1));
    int span = (kernel.height() - 1) * op.dilation().height() + 1;
    Padding2d padding = op.padding();
    boolean padded = padding.top() > 0 || padding.bottom() > 0;
    // A driver could mistake a map of one row for one that serves every output row.
    OptionalInt single =
        span == 1 ? OptionalInt.of(request.input().zeroPoint()) : OptionalInt.empty();
    Form.Tile tile =
        Selection.pixels(
            request,
            new Form.RowWindow(span, op.stride().height(), padding.top()),
            op.stride().width(),
            padding.left() + (run - 1) * op.stride().width(),
            !padded ? OptionalInt.empty() : outside.isPresent() ? outside : single,
            false);
    return run == 1 || run < request.output().shape().dim(2) ? tile : withAllColumns(tile);
  }

  private static Form.Tile withAllColumns(Form.Tile tile) {
    return new Form.Tile(
        tile.batch(),
        tile.rows(),
        tile.width(),
        tile.rowBytes(),
        tile.window(),
        tile.operands().stream().map(o -> new Form.Operand(o.rows(), o.rowBytes())).toList(),
        tile.outside(),
        tile.contiguous());
  }
}
