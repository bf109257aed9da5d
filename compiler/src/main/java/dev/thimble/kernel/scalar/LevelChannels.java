package dev.thimble.kernel.scalar;

import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.op.Bias;
import dev.thimble.op.Conv2d;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Output channels that have the same value whatever the input is. Trained networks have some, whose
 * tiny filters come with huge biases and small multipliers that the fast kernels could not take;
 * such a channel would cost the whole node its kernel. They are written anew: a filter of zeros,
 * and a bias that any kernel makes the value of.
 */
final class LevelChannels {
  private static final int FILTER = 1;
  private static final int BIAS = 2;

  /** A channel's bias is four times its value, and its multiplier a quarter. */
  private static final int FOUR = 4;

  private LevelChannels() {}

  /** The same computation without awkward constants, where the awkward channels are level. */
  static KernelRequest rewritten(KernelRequest request) {
    return switch (request.op()) {
      case Conv2d op when op.groups() == 1 -> rewritten(request, false);
      case DepthwiseConv2d op -> rewritten(request, true);
      default -> request;
    };
  }

  private static KernelRequest rewritten(KernelRequest request, boolean channelsLast) {
    Optional<Tensor> filter = request.constants().get(FILTER);
    Optional<Tensor> bias = request.constants().get(BIAS);
    return filter.isPresent()
            && bias.isPresent()
            && filter.get().type().quant() instanceof QuantParams.PerChannel channels
        ? rewritten(request, channelsLast, channels, filter.get(), bias.get())
        : request;
  }

  private static KernelRequest rewritten(
      KernelRequest request,
      boolean channelsLast,
      QuantParams.PerChannel channels,
      Tensor filter,
      Tensor bias) {
    TensorType output = request.output();
    ConvolutionQuantization quantization = FilterParameters.quantization(request);
    int[] filters = filter.ints().clone();
    int[] wholes = FilterParameters.bias(request);
    int[] biases = bias.ints().clone();
    int four = FOUR << Bias.bits(bias.type());
    List<Float> scales = new ArrayList<>(channels.scales());
    boolean changed = false;
    for (int channel = 0; channel < biases.length && scales.size() == biases.length; channel++) {
      Sums.Range range =
          Sums.Range.of(quantization.inputZeroPoint(), wholes, filters, channelsLast, channel);
      if (isAwkward(range, quantization, channel)
          && isLevel(range, quantization, channel, request)) {
        int value = quantization.apply((int) range.least(), channel, request.rounding());
        clear(filters, channel, biases.length, channelsLast);
        biases[channel] = four * (value - quantization.outputZeroPoint());
        scales.set(channel, output.scale() / request.input().scale() / FOUR);
        changed = true;
      }
    }
    TensorType type =
        new TensorType(
            filter.type().dtype(),
            filter.shape(),
            new QuantParams.PerChannel(channels.axis(), scales));
    return changed
        ? with(request, Tensor.ofInts(type, filters), Tensor.ofInts(bias.type(), biases))
        : request;
  }

  private static boolean isAwkward(
      Sums.Range range, ConvolutionQuantization quantization, int channel) {
    return !range.foldsZeroPoint(
        quantization.channel(channel).multiplier(), quantization.outputZeroPoint());
  }

  private static void clear(int[] filters, int channel, int channels, boolean channelsLast) {
    int taps = filters.length / channels;
    for (int tap = 0; tap < taps; tap++) {
      filters[channelsLast ? tap * channels + channel : channel * taps + tap] = 0;
    }
  }

  /** Whether both ends of a channel's sums, and with them all between, have the same output. */
  private static boolean isLevel(
      Sums.Range range, ConvolutionQuantization quantization, int channel, KernelRequest request) {
    int left = Math.max(0, quantization.channel(channel).multiplier().shift());
    boolean fits =
        range.least() >= Integer.MIN_VALUE >> left && range.greatest() <= Integer.MAX_VALUE >> left;
    return fits
        && quantization.apply((int) range.least(), channel, request.rounding())
            == quantization.apply((int) range.greatest(), channel, request.rounding());
  }

  private static KernelRequest with(KernelRequest request, Tensor filter, Tensor bias) {
    return new KernelRequest(
        request.op(),
        List.of(request.input(), filter.type(), bias.type()),
        List.of(request.constants().get(0), Optional.of(filter), Optional.of(bias)),
        request.outputs(),
        request.rounding());
  }
}
