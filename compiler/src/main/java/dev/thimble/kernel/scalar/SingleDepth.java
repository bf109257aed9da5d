package dev.thimble.kernel.scalar;

import dev.thimble.kernel.KernelRequest;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Depthwise convolutions of a single input channel, as networks over grey images and spectrograms
 * begin with: all their outputs see the same elements, so they are plain convolutions.
 */
final class SingleDepth {
  private static final int FILTER = 1;

  private SingleDepth() {}

  /** The same computation as a convolution; nothing if there are several input channels. */
  static Optional<KernelRequest> convolution(DepthwiseConv2d op, KernelRequest request) {
    if (request.input().shape().dim(3) != 1) {
      return Optional.empty();
    }
    return request
        .constants()
        .get(FILTER)
        .map(SingleDepth::turned)
        .map(filter ->
            new KernelRequest(
                new Conv2d(op.stride(), op.dilation(), op.padding(), 1, op.activation()),
                List.of(request.input(), filter.type(), request.inputs().get(2)),
                List.of(
                    request.constants().get(0), Optional.of(filter), request.constants().get(2)),
                request.outputs(),
                request.rounding()));
  }

  /** [O,H,W,1] from [1,H,W,O]. */
  private static Tensor turned(Tensor filter) {
    Shape shape = filter.shape();
    int filters = shape.dim(3);
    int[] from = filter.ints();
    int[] to = new int[from.length];
    int taps = from.length / filters;
    for (int i = 0; i < from.length; i++) {
      to[i % filters * taps + i / filters] = from[i];
    }
    TensorType type =
        new TensorType(
            filter.type().dtype(),
            Shape.of(filters, shape.dim(1), shape.dim(2), 1),
            turned(filter.type().quant()));
    return Tensor.ofInts(type, to);
  }

  private static QuantParams turned(QuantParams quant) {
    return quant instanceof QuantParams.PerChannel p
        ? new QuantParams.PerChannel(0, p.scales())
        : quant;
  }
}
