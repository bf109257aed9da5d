package dev.thimble.kernel.cost;

import dev.thimble.op.ArgMax;
import dev.thimble.op.AtLeast;
import dev.thimble.op.Binary;
import dev.thimble.op.Cast;
import dev.thimble.op.Compare;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Dequantize;
import dev.thimble.op.DifferenceAtLeast;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Lstm;
import dev.thimble.op.MatMul;
import dev.thimble.op.MixedConv2d;
import dev.thimble.op.Normalization;
import dev.thimble.op.Op;
import dev.thimble.op.Pad;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Parametric;
import dev.thimble.op.Pool2d;
import dev.thimble.op.PositionalOp;
import dev.thimble.op.Quantize;
import dev.thimble.op.RecurrentOp;
import dev.thimble.op.Reduce;
import dev.thimble.op.Requantize;
import dev.thimble.op.Reshape;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Size2d;
import dev.thimble.op.Softmax;
import dev.thimble.op.TransposedConv2d;
import dev.thimble.op.Unary;
import dev.thimble.op.Where;
import dev.thimble.op.WindowPool2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The work of a node, counted from its op and shapes alone.
 *
 * @param counts how much of each kind; what is not there is none
 */
public record Work(Map<Unit, Long> counts) {
  /** Portable kernels compute so many output channels in one pass over the input. */
  private static final int BLOCK = 4;

  public Work {
    counts = Map.copyOf(counts);
  }

  public long count(Unit unit) {
    return counts.getOrDefault(unit, 0L);
  }

  /** The work of a node with these types, constants among them. */
  public static Work of(Op op, List<TensorType> inputs, TensorType output) {
    Counter counter = new Counter(inputs, output);
    return switch (op) {
      case SingleOutputOp single -> {
        counter.count(single);
        yield new Work(counter.counts);
      }
      case Lstm lstm -> {
        counter.put(Unit.MAC, lstm.macs(inputs, List.of(output)));
        yield new Work(counter.counts);
      }
    };
  }

  /**
   * The work of this convolution and of the pooling that the same kernel serves: of the convolved
   * map only what the windows read is computed, and only what they leave is stored.
   */
  public Work pooledBy(Work pooling) {
    double share = (double) pooling.count(Unit.TAP) / Math.max(1, count(Unit.OUTPUT));
    Map<Unit, Long> sum = new EnumMap<>(Unit.class);
    for (Unit unit : Unit.values()) {
      sum.put(unit, unit == Unit.CALL ? 1 : Math.round(count(unit) * share));
    }
    return new Work(sum);
  }

  /** Counts one node. */
  private static final class Counter {
    private final Map<Unit, Long> counts = new EnumMap<>(Unit.class);
    private final List<TensorType> inputs;
    private final Shape output;

    Counter(List<TensorType> inputs, TensorType output) {
      this.inputs = inputs;
      this.output = output.shape();
      put(Unit.CALL, 1);
      put(Unit.OUTPUT, output.elements());
      put(Unit.ELEMENT, inputs.getFirst().elements());
      put(Unit.PIXEL, pixels());
      put(Unit.ROW, rows());
    }

    private void put(Unit unit, long count) {
      counts.put(unit, count);
    }

    private long pixels() {
      return output.rank() == 0 ? 1 : output.elements() / Math.max(1, output.dim(-1));
    }

    private long rows() {
      return output.rank() == 4 ? (long) output.dim(0) * output.dim(1) : 1;
    }

    private void count(SingleOutputOp op) {
      switch (op) {
        case Conv2d conv -> convolution(conv);
        case DepthwiseConv2d conv -> depthwise(conv);
        case FullyConnected fc -> matrix();
        case Pool2d pool -> {
          long area = (long) pool.kernel().height() * pool.kernel().width();
          put(Unit.TAP, area * output.elements());
          put(Unit.ROW, rows() * pool.kernel().height());
        }
        case Reduce r -> {}
        case Binary b -> {}
        case Cast c -> {}
        case Compare c -> {}
        case Parametric p -> {}
        case Where w -> {}
        case Unary u -> {}
        case Quantize q -> {}
        case Dequantize d -> {}
        case AtLeast a -> {}
        case DifferenceAtLeast d -> {}
        case ArgMax a -> {}
        case RecurrentOp r -> put(Unit.MAC, r.macs(inputs, List.of()));
        case TransposedConv2d conv -> {}
        case MixedConv2d conv -> mixed(conv);
        case Requantize quantize -> {}
        case MatMul product -> {}
        case WindowPool2d pool -> {}
        case Normalization norm -> {}
        case PositionalOp p -> {}
        case Softmax s -> {}
        case Reshape r -> put(Unit.OUTPUT, inputs.getFirst().bytes());
        case Pad p -> {}
      }
    }

    private Shape filter() {
      return inputs.get(1).shape();
    }

    private void convolution(Conv2d conv) {
      Shape filter = filter();
      // Taps of a kernel row adjoin in memory, and are one loop, unless something lies between.
      boolean adjoin = conv.groups() == 1 && conv.dilation().width() == 1;
      long channels = filter.dim(0) / conv.groups();
      long blocks = channels / BLOCK * conv.groups();
      long rest = channels % BLOCK * conv.groups();
      int runs = filter.dim(1) * (adjoin ? 1 : filter.dim(2));
      products(blocks, rest, filter, filter.dim(3), runs);
      pad(filter, conv.stride(), conv.dilation(), conv.padding());
    }

    /** Of int16 portable kernels compute blocks, of others each output channel by itself. */
    private void mixed(MixedConv2d conv) {
      Shape filter = filter();
      if (inputs.getFirst().dtype() != DType.INT16) {
        put(Unit.SINGLE_MAC, conv.macs(inputs, List.of(TensorType.float32(output.dims()))));
        return;
      }
      long depth = filter.dim(3);
      long channels = filter.dim(0) / conv.groups();
      boolean own = channels == 1 && depth == 1;
      long alike = own ? filter.dim(0) : channels;
      long times = own ? 1 : conv.groups();
      boolean adjoin = depth == 1 || (conv.groups() == 1 && conv.dilation().width() == 1);
      int runs = filter.dim(1) * (adjoin ? 1 : filter.dim(2));
      products(alike / BLOCK * times, alike % BLOCK * times, filter, depth, runs);
      pad(filter, conv.stride(), conv.dilation(), conv.padding());
    }

    private void depthwise(DepthwiseConv2d conv) {
      Shape filter = filter();
      long channels = output.dim(3);
      long blocks = conv.multiplier() == 1 ? channels / BLOCK : 0;
      products(blocks, channels - blocks * BLOCK, filter, 1, filter.dim(1));
      pad(filter, conv.stride(), conv.dilation(), conv.padding());
    }

    private void matrix() {
      Shape filter = filter();
      Shape tap = Shape.of(1, 1, 1, 1);
      products(filter.dim(0) / BLOCK, filter.dim(0) % BLOCK, tap, filter.dim(1), 1);
    }

    /** The products of blocks of channels, and of the rest one by one, at each pixel. */
    private void products(long blocks, long rest, Shape filter, long depth, int runs) {
      long taps = (long) filter.dim(1) * filter.dim(2);
      put(Unit.MAC, pixels() * blocks * BLOCK * taps * depth);
      put(Unit.SINGLE_MAC, pixels() * rest * taps * depth);
      put(Unit.RUN, pixels() * (blocks + rest) * runs);
      put(Unit.TAP, pixels() * (blocks * BLOCK + rest) * taps);
      put(Unit.ROW, rows() * filter.dim(1));
    }

    /** Moves the products outside of the map to their own unit. */
    private void pad(Shape filter, Size2d stride, Size2d dilation, Padding2d padding) {
      Shape map = inputs.getFirst().shape();
      long high =
          inside(
              output.dim(1),
              filter.dim(1),
              stride.height(),
              dilation.height(),
              padding.top(),
              map.dim(1));
      long wide =
          inside(
              output.dim(2),
              filter.dim(2),
              stride.width(),
              dilation.width(),
              padding.left(),
              map.dim(2));
      long all = (long) output.dim(1) * filter.dim(1) * output.dim(2) * filter.dim(2);
      double share = (double) (high * wide) / all;
      long blocks = counts.getOrDefault(Unit.MAC, 0L);
      long rest = counts.getOrDefault(Unit.SINGLE_MAC, 0L);
      put(Unit.PADDED_MAC, Math.round((blocks + rest) * (1 - share)));
      put(Unit.MAC, Math.round(blocks * share));
      put(Unit.SINGLE_MAC, Math.round(rest * share));
    }

    /** How many taps of all positions along one axis lie within the map. */
    private static long inside(
        int outputs, int taps, int stride, int dilation, int before, int extent) {
      long count = 0;
      for (int position = 0; position < outputs; position++) {
        for (int tap = 0; tap < taps; tap++) {
          int at = position * stride - before + tap * dilation;
          count += at >= 0 && at < extent ? 1 : 0;
        }
      }
      return count;
    }
  }
}
