package dev.thimble.kernel.dsp;

import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.Selection;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.FixedPoint;
import dev.thimble.op.MixedConv2d;
import dev.thimble.op.Multiplier;
import dev.thimble.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * An int8 filter of int16 activations in the orders of {@code dsp_halfwords.h} and {@code
 * dsp_halfword_taps.h}, and how its sums become outputs.
 *
 * @param elements [O][taps]
 * @param bias [O]
 * @param wide whether sums have 64 bits
 */
record HalfwordFilter(
    int[] elements, long[] bias, ConvolutionQuantization quantization, boolean wide) {
  private static final int LANES = 4;

  /** Below this a sum can be doubled. */
  private static final long QUICK = 1L << 30;

  static HalfwordFilter of(MixedConv2d op, KernelRequest request) {
    return new HalfwordFilter(
        Selection.constant(request, 1, "filter").ints(),
        Selection.constant(request, 2, "bias").longs(),
        op.quantization(request.inputs(), request.output(), request.rounding()),
        request.inputs().get(2).dtype() == DType.INT64);
  }

  int channels() {
    return bias.length;
  }

  private int taps() {
    return elements.length / bias.length;
  }

  /**
   * Whether all channels may be requantised by one narrow multiplication: no sum reaches 2^30, and
   * after it there is something left to shift away.
   */
  boolean isQuick() {
    for (int channel = 0; channel < channels(); channel++) {
      int shift = quantization.channel(channel).multiplier().shift();
      if (shift >= 0 || !isQuick(channel)) {
        return false;
      }
    }
    return true;
  }

  private boolean isQuick(int channel) {
    long least = bias[channel];
    long greatest = bias[channel];
    for (int tap = 0; tap < taps(); tap++) {
      long w = weight(channel, tap);
      least += Math.min(w * Short.MIN_VALUE, w * Short.MAX_VALUE);
      greatest += Math.max(w * Short.MIN_VALUE, w * Short.MAX_VALUE);
    }
    return least > -QUICK && greatest < QUICK;
  }

  private byte weight(int channel, int tap) {
    return (byte) elements[channel * taps() + tap];
  }

  /** The order of a convolution whose windows are runs of so many elements. */
  byte[] words(int runs, int run, int groups) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      for (int tap = 0; tap < run / 2 * 2; tap++) {
        order.add(i * run + tap);
      }
    }
    for (int i = 0; i < runs && run % 2 != 0; i++) {
      order.add(i * run + run - 1);
    }
    List<Byte> bytes = new ArrayList<>();
    int of = channels() / groups;
    for (int group = 0; group < groups; group++) {
      int channel = group * of;
      int end = channel + of;
      for (; channel + LANES <= end; channel += LANES) {
        four(order, channel, bytes);
      }
      for (; channel < end; channel++) {
        single(order, channel, bytes);
      }
    }
    return array(bytes);
  }

  private void four(List<Integer> order, int channel, List<Byte> bytes) {
    int at = 0;
    for (; at + 2 <= order.size(); at += 2) {
      for (int pair = channel; pair < channel + LANES; pair += 2) {
        for (int tap : order.subList(at, at + 2)) {
          bytes.add(weight(pair, tap));
          bytes.add(weight(pair + 1, tap));
        }
      }
    }
    if (at < order.size()) {
      lanes(order.get(at), channel, bytes);
    }
  }

  /** A tap of four channels. */
  private void lanes(int tap, int channel, List<Byte> bytes) {
    for (int lane : new int[] {0, 2, 1, 3}) {
      bytes.add(weight(channel + lane, tap));
    }
  }

  private void single(List<Integer> order, int channel, List<Byte> bytes) {
    int at = 0;
    for (; at + LANES <= order.size(); at += LANES) {
      for (int tap : new int[] {0, 2, 1, 3}) {
        bytes.add(weight(channel, order.get(at + tap)));
      }
    }
    for (; at < order.size(); at++) {
      bytes.add(weight(channel, order.get(at)));
    }
    while (bytes.size() % Integer.BYTES != 0) {
      bytes.add((byte) 0);
    }
  }

  /** The order of a depthwise convolution. */
  byte[] fours() {
    List<Byte> bytes = new ArrayList<>();
    int channel = 0;
    for (; channel + LANES <= channels(); channel += LANES) {
      for (int tap = 0; tap < taps(); tap++) {
        lanes(tap, channel, bytes);
      }
    }
    for (; channel < channels(); channel++) {
      for (int tap = 0; tap < taps(); tap++) {
        bytes.add(weight(channel, tap));
      }
    }
    while (bytes.size() % Integer.BYTES != 0) {
      bytes.add((byte) 0);
    }
    return array(bytes);
  }

  private static byte[] array(List<Byte> bytes) {
    byte[] array = new byte[bytes.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = bytes.get(i);
    }
    return array;
  }

  /** The field filter, of words. */
  void table(ParameterList list, byte[] bytes) {
    int[] words = new int[bytes.length / Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
    list.table("filter", Parameter.Role.FILTER, DType.INT32, words);
  }

  /** The fields of {@code dsp_halfword_outputs}. */
  void outputs(ParameterList list) {
    FilterParameters.wideBias(list, bias);
    FilterParameters.requantization(list, wide ? reduced() : quantization);
    list.int16("min", quantization.min())
        .int16("max", quantization.max())
        .flag("per_channel", FilterParameters.perChannel(wide ? reduced() : quantization))
        .flag("wide", wide)
        .flag("quick", isQuick());
  }

  /** The same with the multipliers that 64-bit sums are rounded by, which have 16 bits. */
  private ConvolutionQuantization reduced() {
    List<Multiplier> multipliers =
        quantization.multipliers().stream()
            .map(m -> new Multiplier(FixedPoint.reduced(m) << Short.SIZE, m.shift()))
            .toList();
    return new ConvolutionQuantization(
        quantization.inputZeroPoint(),
        quantization.outputZeroPoint(),
        multipliers,
        List.of(),
        quantization.min(),
        quantization.max());
  }
}
