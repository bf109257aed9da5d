package dev.thimble.op;

import java.util.Optional;

/** The activation that some ops end in. */
public final class Activations {
  private Activations() {}

  /** The op's activation, or nothing for an op that has none. */
  public static Optional<Activation> of(Op op) {
    return switch (op) {
      case Conv2d c -> Optional.of(c.activation());
      case DepthwiseConv2d d -> Optional.of(d.activation());
      case FullyConnected f -> Optional.of(f.activation());
      case Binary b -> Optional.of(b.activation());
      case Pool2d p -> Optional.of(p.activation());
      case TransposedConv2d t -> Optional.of(t.activation());
      case WindowPool2d w -> Optional.of(w.activation());
      case MixedConv2d m -> Optional.of(m.activation());
      case Requantize q -> Optional.empty();
      case MatMul m -> Optional.empty();
      case Normalization n -> Optional.empty();
      case ArgMax a -> Optional.empty();
      case AtLeast a -> Optional.empty();
      case Dequantize d -> Optional.empty();
      case DifferenceAtLeast d -> Optional.empty();
      case Pad p -> Optional.empty();
      case PositionalOp p -> Optional.empty();
      case Quantize q -> Optional.empty();
      case Reduce r -> Optional.empty();
      case Reshape r -> Optional.empty();
      case Lstm l -> Optional.empty();
      case RecurrentOp r -> Optional.empty();
      case Softmax s -> Optional.empty();
      case Cast c -> Optional.empty();
      case Compare c -> Optional.empty();
      case Parametric p -> Optional.empty();
      case Where w -> Optional.empty();
      case Unary u -> Optional.empty();
    };
  }

  /** The op with another activation; throws {@link IllegalArgumentException} if it takes none. */
  public static Op with(Op op, Activation activation) {
    return switch (op) {
      case Conv2d c -> new Conv2d(c.stride(), c.dilation(), c.padding(), c.groups(), activation);
      case DepthwiseConv2d d ->
          new DepthwiseConv2d(d.stride(), d.dilation(), d.padding(), d.multiplier(), activation);
      case FullyConnected f -> new FullyConnected(f.keepAxes(), activation);
      case Binary b -> new Binary(b.function(), activation);
      case Pool2d p -> new Pool2d(p.pooling(), p.kernel(), p.stride(), p.padding(), activation);
      case TransposedConv2d t ->
          new TransposedConv2d(
              t.stride(),
              t.dilation(),
              t.padding(),
              t.extraRows(),
              t.extraColumns(),
              t.groups(),
              activation);
      case WindowPool2d w ->
          new WindowPool2d(
              w.function(),
              w.p(),
              w.kernel(),
              w.stride(),
              w.dilation(),
              w.padding(),
              w.counted(),
              activation);
      case MixedConv2d m ->
          new MixedConv2d(
              m.stride(), m.dilation(), m.padding(), m.groups(), m.scaling(), activation);
      case Requantize q -> throw none(op);
      case MatMul m -> throw none(op);
      case Normalization n -> throw none(op);
      case ArgMax a -> throw none(op);
      case AtLeast a -> throw none(op);
      case Dequantize d -> throw none(op);
      case DifferenceAtLeast d -> throw none(op);
      case Pad p -> throw none(op);
      case PositionalOp p -> throw none(op);
      case Quantize q -> throw none(op);
      case Reduce r -> throw none(op);
      case Reshape r -> throw none(op);
      case Lstm l -> throw none(op);
      case RecurrentOp r -> throw none(op);
      case Softmax s -> throw none(op);
      case Cast c -> throw none(op);
      case Compare c -> throw none(op);
      case Parametric p -> throw none(op);
      case Where w -> throw none(op);
      case Unary u -> throw none(op);
    };
  }

  private static IllegalArgumentException none(Op op) {
    return new IllegalArgumentException(op.kind() + " has no activation");
  }
}
