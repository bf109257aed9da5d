package dev.thimble.kernel.helium;

import dev.thimble.kernel.Form;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.Arrays;

/**
 * Depthwise convolutions of at most 4 x 4 taps, all of which one vector holds: the input rows are
 * interleaved to words of a column of taps each, and an output is a sum over one vector of
 * products.
 */
record HeliumTaps(DepthwiseConv2d op, KernelRequest request, Size2d kernel) {
  private static final int SIDE = 4;
  private static final int VECTOR = 16;
  private static final int UNIT = 8;
  private static final int NO_TAP = 255;
  private static final int MOST_CHANNELS = 4096;

  /** So many channels are computed at a time where there are more. */
  private static final int BLOCK = 64;

  /** The words that are interleaved at a time are about so many, and so are the sums held. */
  private static final int WORDS = 1024;

  /** Whether the kernel can serve a node. */
  static boolean serves(Size2d kernel, int channels, HeliumScale scale) {
    return kernel.height() <= SIDE
        && kernel.width() <= SIDE
        && channels <= MOST_CHANNELS
        && !scale.shiftsLeft()
        && (scale.mode() == HeliumScale.Mode.PLAIN || !scale.lowersNone());
  }

  private Shape output() {
    return request.output().shape();
  }

  private int channels() {
    return output().dim(3);
  }

  private int block() {
    return Math.min(BLOCK, channels());
  }

  /** The pixels of a chunk: a multiple of eight, or all. */
  private int chunk() {
    return Math.min(output().dim(2), Math.max(1, WORDS / block() / UNIT) * UNIT);
  }

  /** The units whose sums are held. */
  private int held() {
    return Math.max(1, Math.min(chunk() / UNIT, WORDS / 2 / UNIT / block()));
  }

  /** Whether two pixels' taps are in four adjoining columns, so that one vector serves both. */
  private boolean pairs() {
    return op.stride().width() == 1 && op.dilation().width() == 1 && kernel.width() < SIDE;
  }

  private int span() {
    return (kernel.width() - 1) * op.dilation().width() + 1;
  }

  int scratchBytes() {
    int columns = (chunk() + SIDE) * op.stride().width() + span() + 2;
    int words = SIDE * block() + SIDE + UNIT * held() * block() + columns * block() + VECTOR;
    return words * Integer.BYTES;
  }

  /** The columns to the left that are read again when the next channels are computed. */
  private int again() {
    return block() < channels() ? (chunk() - 1) * op.stride().width() : 0;
  }

  Form.Tile tile() {
    Padding2d padding = op.padding();
    return HeliumDepthwise.tile(op, request, kernel, padding.left() + again());
  }

  /** A filter [KH][KW][C] as the kernel reads it: [C][KW][KH]. */
  private int[] packed(int[] filter) {
    int channels = channels();
    int taps = kernel.height() * kernel.width();
    int[] packed = new int[filter.length];
    for (int ky = 0; ky < kernel.height(); ky++) {
      for (int kx = 0; kx < kernel.width(); kx++) {
        for (int c = 0; c < channels; c++) {
          packed[c * taps + kx * kernel.height() + ky] =
              filter[(ky * kernel.width() + kx) * channels + c];
        }
      }
    }
    return packed;
  }

  /** For each byte of a vector the tap that it takes. */
  private int[] places() {
    int[] places = new int[VECTOR];
    Arrays.fill(places, NO_TAP);
    for (int ky = 0; ky < kernel.height(); ky++) {
      for (int kx = 0; kx < kernel.width(); kx++) {
        places[(kx + (pairs() ? 1 : 0)) * SIDE + ky] = kx * kernel.height() + ky;
      }
    }
    return places;
  }

  ParameterList parameters(
      HeliumScale scale, ConvolutionQuantization quantization, int[] filter, int[] bias) {
    int[] packed = packed(filter);
    boolean few = HeliumNibbles.serves(request);
    return new ParameterList()
        .table(
            "filter",
            Parameter.Role.FILTER,
            DType.INT8,
            few ? HeliumNibbles.halves(packed, kernel.height() * kernel.width()) : packed)
        .table("places", Parameter.Role.TABLE, DType.UINT8, places())
        .table(
            "scale",
            Parameter.Role.BIAS_REQUANT,
            DType.INT32,
            scale.triples(scale.foldedBias(bias, filter, true)))
        .int32("input_width", request.input().shape().dim(2))
        .int32("channels", channels())
        .int32("block", block())
        .int32("chunk", chunk())
        .int32("held", held())
        .uint16("kernel_height", kernel.height())
        .uint16("kernel_width", kernel.width())
        .uint16("stride_width", op.stride().width())
        .uint16("dilation_height", op.dilation().height())
        .uint16("dilation_width", op.dilation().width())
        .uint16("left", op.padding().left())
        .int16("input_zero_point", request.input().zeroPoint())
        .int16("min", quantization.min())
        .int16("max", quantization.max())
        .int16("zero_point", quantization.outputZeroPoint())
        .flag("pairs", pairs())
        .flag("plain", scale.mode() == HeliumScale.Mode.PLAIN)
        .flag("packed", few);
  }

  /** The kernel's file. */
  String source() {
    return "depthwise_conv2d_taps_"
        + (HeliumNibbles.serves(request) ? "packed_" : "")
        + "s8_helium";
  }

  /** The instructions of a whole map. */
  long instructions() {
    int width = output().dim(2);
    int chunks = (width + chunk() - 1) / chunk();
    int blocks = (channels() + block() - 1) / block();
    int rest = width % UNIT;
    int units = width / UNIT;
    long columns = (long) chunks * (span() - 1) + (long) width * op.stride().width();
    boolean three = kernel.height() == 3;
    long mixed =
        columns * channels() * (three ? 9 : 24) / VECTOR
            + chunks * (blocks > 1 ? columns * blocks * 25L : 60L);
    long sums = units * (pairs() ? 17L : 26L);
    if (rest > 0) {
      sums += pairs() ? 6 + 3L * ((Math.max(rest, 3) + 1) / 2) : rest > SIDE ? 26 : 13;
    }
    long stored = 18L * units + (rest > 0 ? 20 : 0);
    long spread = (HeliumNibbles.serves(request) ? 9L : 6L) * (blocks > 1 ? chunks : 1);
    long calls = 150L * chunks * blocks * (rest > 0 ? 2 : 1);
    return (long) output().dim(0)
        * output().dim(1)
        * (mixed + (sums + stored + spread) * channels() + calls + 100);
  }
}
