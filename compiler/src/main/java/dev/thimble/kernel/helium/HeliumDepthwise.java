package dev.thimble.kernel.helium;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.Selection;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** Depthwise convolutions of one output channel to each input channel. */
final class HeliumDepthwise {
  private static final int VECTOR = 16;
  private static final int MOST_ROWS = 16;

  /** So large may the absolute filter elements sum up to whose products an int16 adds up. */
  private static final int INT16_SUM = Short.MAX_VALUE / 128;

  /** The vectors of pixels that the 3x3 kernel takes at a time. */
  private static final int UNITS = 8;

  private HeliumDepthwise() {}

  static List<Candidate> candidates(DepthwiseConv2d op, KernelRequest request) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = FilterParameters.bias(request);
    ConvolutionQuantization quantization = FilterParameters.quantization(request);
    HeliumScale scale = new HeliumScale(quantization, request.rounding());
    Size2d kernel = Selection.kernelSize(request.inputs().get(1));
    if (op.multiplier() > 1 || !scale.isExact(bias, filter, true)) {
      return List.of();
    }
    List<Candidate> candidates = new ArrayList<>();
    if (HeliumTaps.serves(kernel, bias.length, scale)) {
      HeliumTaps taps = new HeliumTaps(op, request, kernel);
      candidates.add(
          candidate(
              taps.source(),
              "depthwise_conv2d_taps_s8_helium",
              taps.tile(),
              taps.parameters(scale, quantization, filter, bias),
              taps.scratchBytes(),
              taps.instructions()));
    }
    if (HeliumNibbles.serves(request)) {
      candidates.addAll(ofFewBits(op, request, scale, filter, bias));
      return candidates;
    }
    if (kernel.height() > MOST_ROWS || Arrays.stream(filter).anyMatch(w -> w == Byte.MIN_VALUE)) {
      return candidates;
    }
    candidates.add(any(op, request, scale, filter, bias));
    if (kernel.equals(new Size2d(3, 3))
        && op.dilation().equals(Size2d.ONE)
        && scale.mode() == HeliumScale.Mode.PLAIN) {
      candidates.add(threeByThree(op, request, scale, filter, bias));
    }
    return candidates;
  }

  private static Candidate any(
      DepthwiseConv2d op, KernelRequest request, HeliumScale scale, int[] filter, int[] bias) {
    int channels = bias.length;
    Size2d kernel = Selection.kernelSize(request.inputs().get(1));
    int taps = kernel.height() * kernel.width();
    ParameterList list = new ParameterList();
    list.table("filter", Parameter.Role.FILTER, DType.INT8, packed(filter, channels, taps));
    geometry(list, op, request, kernel);
    scale.addTo(list, scale.foldedBias(bias, filter, true), order(channels, 1));
    int span = (kernel.width() - 1) * op.dilation().width() + 1;
    String name = "depthwise_conv2d_s8_helium";
    return candidate(
        name,
        tile(op, request, kernel, op.padding().left()),
        list,
        (span + taps) * channels,
        pixels(request) * (60L + vectors(channels) * (70L + 16L * taps)));
  }

  private static List<Candidate> ofFewBits(
      DepthwiseConv2d op, KernelRequest request, HeliumScale scale, int[] filter, int[] bias) {
    int channels = bias.length;
    Size2d kernel = Selection.kernelSize(request.inputs().get(1));
    int taps = kernel.height() * kernel.width();
    if (!HeliumNibbles.servesTaps(taps)) {
      return List.of();
    }
    ParameterList list = new ParameterList();
    list.table(
            "filter", Parameter.Role.FILTER, DType.INT8, HeliumNibbles.depthwise(filter, channels))
        .int32("input_width", request.input().shape().dim(2))
        .int32("channels", channels)
        .uint16("kernel_height", kernel.height())
        .uint16("kernel_width", kernel.width())
        .uint16("stride_width", op.stride().width())
        .uint16("dilation_height", op.dilation().height())
        .uint16("dilation_width", op.dilation().width())
        .uint16("left", op.padding().left())
        .int8("input_zero_point", request.input().zeroPoint());
    scale.addTo(list, scale.foldedBias(bias, filter, true), order(channels, 1));
    return List.of(
        candidate(
            "depthwise_conv2d_nibbles_s8_helium",
            tile(op, request, kernel, op.padding().left()),
            list,
            (channels + 3) / 4 * 4,
            pixels(request) * (40L + 16L * taps + vectors(channels) * (70L + 12L * taps))));
  }

  private static Candidate threeByThree(
      DepthwiseConv2d op, KernelRequest request, HeliumScale scale, int[] filter, int[] bias) {
    int channels = bias.length;
    int stride = op.stride().width();
    int unit = VECTOR % channels == 0 && stride == 1 ? VECTOR / channels : 1;
    ParameterList list = new ParameterList();
    list.table("filter", Parameter.Role.FILTER, DType.INT8, packed(filter, channels, 9))
        .table("threes", Parameter.Role.TABLE, DType.UINT8, threes(filter, channels))
        .int32("input_width", request.input().shape().dim(2))
        .int32("channels", channels)
        .uint16("stride_width", stride)
        .uint16("left", op.padding().left())
        .uint16("unit", unit)
        .int16("input_zero_point", request.input().zeroPoint());
    scale.addTo(list, scale.foldedBias(bias, filter, true), order(channels, unit));
    boolean padded = op.padding().top() > 0 || op.padding().bottom() > 0;
    int zeros = padded ? (UNITS * unit * stride + 2) * channels + VECTOR : 0;
    // Where there are several blocks, the second one reads pixels again.
    int again = channels > VECTOR ? UNITS * unit - 1 : 0;
    return candidate(
        "depthwise_conv2d_3x3_s8_helium",
        tile(op, request, new Size2d(3, 3), op.padding().left() + again * stride),
        list,
        9 * VECTOR + 3 * (unit + 2) * channels + VECTOR + zeros,
        pixels(request) * (14L + vectors(channels) * 132L) / unit + edges(op, request, unit));
  }

  /** The instructions by which pixels beside the map are slower, as their windows are copied. */
  private static long edges(DepthwiseConv2d op, KernelRequest request, int unit) {
    Shape output = request.output().shape();
    int beside = op.padding().left() > 0 && op.padding().right() > 0 ? 2 : 1;
    boolean padded = op.padding().left() > 0 || op.padding().right() > 0;
    long window = 160 + 9L * (unit + 2) / 3 * output.dim(3) / 4 + 30L * vectors(output.dim(3));
    return padded ? (long) output.dim(0) * output.dim(1) * beside * window : 0;
  }

  private static Candidate candidate(
      String name, Form.Tile form, ParameterList list, int scratch, long cycles) {
    return candidate(name, name, form, list, scratch, cycles);
  }

  private static Candidate candidate(
      String source, String name, Form.Tile form, ParameterList list, int scratch, long cycles) {
    return new Candidate(
        new Kernel(
            "depthwise_conv2d/" + source + ".c",
            name,
            form,
            List.of(0),
            list.toList(),
            scratch,
            false),
        cycles);
  }

  private static long pixels(KernelRequest request) {
    Shape output = request.output().shape();
    return (long) output.dim(0) * output.dim(1) * output.dim(2);
  }

  private static int vectors(int channels) {
    return (channels + VECTOR - 1) / VECTOR;
  }

  /** For each 16 channels [taps][16], of the last ones [taps][C % 16], from [taps][C]. */
  private static int[] packed(int[] filter, int channels, int taps) {
    int[] packed = new int[filter.length];
    int at = 0;
    for (int block = 0; block < channels; block += VECTOR) {
      int lanes = Math.min(VECTOR, channels - block);
      for (int tap = 0; tap < taps; tap++) {
        System.arraycopy(filter, tap * channels + block, packed, at, lanes);
        at += lanes;
      }
    }
    return packed;
  }

  /** For each 16 channels, whether the products of a kernel row can be summed in int16. */
  private static int[] threes(int[] filter, int channels) {
    int[] threes = new int[vectors(channels)];
    Arrays.fill(threes, 1);
    for (int channel = 0; channel < channels; channel++) {
      for (int first = 0; first < 9; first += 3) {
        int sum = 0;
        for (int tap = first; tap < first + 3; tap++) {
          sum += Math.abs(filter[tap * channels + channel]);
        }
        if (sum > INT16_SUM) {
          threes[channel / VECTOR] = 0;
        }
      }
    }
    return threes;
  }

  /**
   * The channel at each place of the tables, 16 for each vector; -1 beyond the last one.
   *
   * @param unit the pixels of which a vector holds channels
   */
  private static int[] order(int channels, int unit) {
    int[] order = new int[vectors(channels) * VECTOR];
    int[] quarters = {0, 2, 1, 3};
    for (int i = 0; i < order.length; i++) {
      int lane = i / VECTOR * VECTOR + i % 4 * 4 + quarters[i % VECTOR / 4];
      order[i] = lane < channels * unit ? lane % channels : -1;
    }
    return order;
  }

  private static void geometry(
      ParameterList list, DepthwiseConv2d op, KernelRequest request, Size2d kernel) {
    Shape input = request.input().shape();
    list.int32("input_width", input.dim(2))
        .int32("channels", input.dim(3))
        .uint16("kernel_height", kernel.height())
        .uint16("kernel_width", kernel.width())
        .uint16("stride_width", op.stride().width())
        .uint16("dilation_height", op.dilation().height())
        .uint16("dilation_width", op.dilation().width())
        .uint16("left", op.padding().left())
        .int16("input_zero_point", request.input().zeroPoint());
  }

  static Form.Tile tile(DepthwiseConv2d op, KernelRequest request, Size2d kernel, int before) {
    int span = (kernel.height() - 1) * op.dilation().height() + 1;
    boolean padded = op.padding().top() > 0 || op.padding().bottom() > 0;
    OptionalInt outside =
        span == 1 && padded ? OptionalInt.of(request.input().zeroPoint()) : OptionalInt.empty();
    return Selection.pixels(
        request,
        new Form.RowWindow(span, op.stride().height(), op.padding().top()),
        op.stride().width(),
        before,
        outside,
        false);
  }
}
