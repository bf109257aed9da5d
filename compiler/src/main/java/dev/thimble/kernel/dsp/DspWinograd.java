package dev.thimble.kernel.dsp;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.Selection;
import dev.thimble.op.Conv2d;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.Multiplier;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Convolutions of 3x3 taps by Winograd's minimal filtering F(2x2, 3x3) (Lavin and Gray 2016, arXiv
 * 1509.09308). With the filter's transform doubled on both sides all is integral, and the result is
 * four times the sum, exactly. A tile has two rows, so the kernel takes whole maps; streams run the
 * ordinary kernel. Filters take 32/9 of their elements' bytes.
 */
final class DspWinograd {
  private static final String NAME = "conv2d_s8_winograd_dsp";
  private static final Size2d TAPS = new Size2d(3, 3);

  /** Positions of a transformed patch. */
  private static final int POSITIONS = 16;

  /** Input channels that the kernel takes at a time. */
  private static final int CHANNELS = 8;

  /** The order in which four channels are stored: those whose bytes one instruction extends. */
  private static final int[] ORDER = {0, 2, 1, 3};

  /** The transform of one side of a filter, doubled. */
  private static final int[][] DOUBLED = {{2, 0, 0}, {1, 1, 1}, {1, -1, 1}, {0, 0, 2}};

  /** Four times a sum must fit 32 bits with a sign. */
  private static final long MOST_SUM = 1L << 29;

  private static final int MOST_SHIFT = 20;

  private DspWinograd() {}

  static Optional<Candidate> candidate(Conv2d op, KernelRequest request) {
    Shape filter = request.inputs().get(1).shape();
    boolean suits =
        !request.output().isFloat()
            && op.groups() == 1
            && !FilterParameters.hasFractions(request)
            && Selection.kernelSize(request.inputs().get(1)).equals(TAPS)
            && op.stride().equals(Size2d.ONE)
            && op.dilation().equals(Size2d.ONE)
            && filter.dim(3) % CHANNELS == 0
            && filter.dim(0) % 2 == 0
            && request.constants().get(1).isPresent()
            && request.constants().get(2).isPresent();
    if (!suits || !sumsFit(request)) {
      return Optional.empty();
    }
    ConvolutionQuantization quantization = FilterParameters.quantization(request);
    return shiftsFit(quantization) ? Optional.of(of(op, quantization, request)) : Optional.empty();
  }

  private static boolean sumsFit(KernelRequest request) {
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = FilterParameters.bias(request);
    int zero = request.input().zeroPoint();
    long farthest = Math.max(zero - Byte.MIN_VALUE, Byte.MAX_VALUE - zero);
    int taps = filter.length / bias.length;
    for (int o = 0; o < bias.length; o++) {
      long most = Math.abs((long) bias[o]);
      for (int i = 0; i < taps; i++) {
        most += Math.abs(filter[o * taps + i]) * farthest;
      }
      if (most >= MOST_SUM) {
        return false;
      }
    }
    return true;
  }

  /** Whether requantisation shifts all channels to the right, and leaves room for a zero point. */
  private static boolean shiftsFit(ConvolutionQuantization quantization) {
    return quantization.multipliers().stream()
        .allMatch(m -> m.shift() < 0 && m.shift() >= -MOST_SHIFT);
  }

  private static Candidate of(
      Conv2d op, ConvolutionQuantization quantization, KernelRequest request) {
    Shape input = request.input().shape();
    Shape output = request.output().shape();
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias =
        FilterParameters.foldedBias(
            FilterParameters.bias(request), filter, false, quantization.inputZeroPoint());
    ParameterList list = new ParameterList();
    list.table(
            "filter",
            Parameter.Role.FILTER,
            DType.INT32,
            packed(filter, output.dim(3), input.dim(3)))
        .table("channel", Parameter.Role.BIAS_REQUANT, DType.INT32, channels(bias, quantization));
    list.int32("batch", input.dim(0))
        .int32("input_height", input.dim(1))
        .int32("input_width", input.dim(2))
        .int32("channels", input.dim(3))
        .int32("output_height", output.dim(1))
        .int32("output_width", output.dim(2))
        .int32("filters", output.dim(3))
        .uint16("top", op.padding().top())
        .uint16("left", op.padding().left());
    list.int8("min", quantization.min())
        .int8("max", quantization.max())
        .int8("input_zero_point", quantization.inputZeroPoint());
    Kernel kernel =
        new Kernel(
            "conv2d/" + NAME + ".c",
            NAME,
            new Form.Whole(),
            List.of(0),
            list.toList(),
            scratchBytes(input.dim(3)),
            false);
    return new Candidate(kernel, cycles(output, input.dim(3)));
  }

  /**
   * For each channel four times its bias, the multiplier, what is added for rounding, the shift.
   */
  private static int[] channels(int[] bias, ConvolutionQuantization quantization) {
    int[] channels = new int[4 * bias.length];
    for (int o = 0; o < bias.length; o++) {
      Multiplier multiplier = quantization.multipliers().get(o);
      int shift = -multiplier.shift();
      channels[4 * o] = 4 * bias[o];
      channels[4 * o + 1] = multiplier.multiplier();
      channels[4 * o + 2] = (1 << (shift - 1)) + (quantization.outputZeroPoint() << shift);
      channels[4 * o + 3] = shift;
    }
    return channels;
  }

  /** Two tiles' transformed patches of 16-bit numbers, four products a position, a pixel. */
  private static int scratchBytes(int channels) {
    return POSITIONS * channels * 2 * Short.BYTES + POSITIONS * 4 * Integer.BYTES + channels;
  }

  /** Counted by the timing of the Technical Reference Manual of Cortex-M4. */
  private static long cycles(Shape output, int channels) {
    long pairs = (long) output.dim(0) * ((output.dim(1) + 1) / 2) * ((output.dim(2) + 3) / 4);
    long patches = 120L * channels;
    long products = POSITIONS * (43L * channels / CHANNELS + 14);
    return pairs * (200 + patches + output.dim(3) / 2 * (products + 450));
  }

  /** [O / 2][16][I / 4][2][4] numbers of 16 bits, two in a word, from [O][3][3][I]. */
  private static int[] packed(int[] filter, int filters, int channels) {
    int[] words = new int[filters * POSITIONS * channels / 2];
    for (int o = 0; o < filters; o++) {
      for (int c = 0; c < channels; c++) {
        int[] positions = transformed(filter, o * TAPS.height() * TAPS.width(), c, channels);
        for (int position = 0; position < POSITIONS; position++) {
          int group = ((o / 2 * POSITIONS + position) * (channels / 4) + c / 4) * 2 + o % 2;
          int at = group * 4 + ORDER[c % 4];
          words[at / 2] |= (positions[position] & 0xFFFF) << (16 * (at % 2));
        }
      }
    }
    return words;
  }

  /** The 16 numbers that nine taps of one input channel become. */
  private static int[] transformed(int[] filter, int firstTap, int channel, int channels) {
    int[] positions = new int[POSITIONS];
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        int sum = 0;
        for (int tap = 0; tap < 9; tap++) {
          int w = filter[(firstTap + tap) * channels + channel];
          sum += DOUBLED[i][tap / 3] * DOUBLED[j][tap % 3] * w;
        }
        positions[i * 4 + j] = sum;
      }
    }
    return positions;
  }
}
