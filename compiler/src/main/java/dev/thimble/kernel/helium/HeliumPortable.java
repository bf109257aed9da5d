package dev.thimble.kernel.helium;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.op.AddQuantization;
import dev.thimble.op.Binary;
import dev.thimble.op.MeanQuantization;
import dev.thimble.op.MulQuantization;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Reduce;
import dev.thimble.op.Rounding;
import dev.thimble.op.SingleOutputOp;
import java.util.List;
import java.util.Map;

/**
 * Nodes whose kernels have the form and the parameters of the portable ones: elementwise functions,
 * poolings, means and padding.
 */
final class HeliumPortable {
  /** The least bits by which single rounding shifts a product to the right beyond its low half. */
  private static final int SINGLE_SHIFT = 2;

  private static final int VECTOR = 16;

  /** The most taps of a pooling's window. */
  private static final int MOST_TAPS = 256;

  /** The instructions for 16 elements of the output, or of the input for means. */
  private static final Map<String, Integer> COSTS =
      Map.of(
          "add_s8", 80,
          "mul_s8", 46,
          "lookup_s8", 5,
          "relu_s8", 6,
          "max_pool2d_s8", 40,
          "average_pool2d_s8", 90,
          "global_average_pool2d_s8", 9,
          "mean_s8", 9,
          "pad_s8", 5);

  private HeliumPortable() {}

  static List<Candidate> candidates(SingleOutputOp op, KernelRequest request) {
    Kernel plain = new PortableKernels().select(request);
    Integer cost = COSTS.get(plain.function());
    if (cost == null || !isExact(op, request, plain)) {
      return List.of();
    }
    String name =
        plain.function() + (op instanceof Binary binary && isAdd(binary) ? "_any" : "") + "_helium";
    String folder = plain.source().substring(0, plain.source().indexOf('/') + 1);
    long elements = Math.max(request.input().elements(), request.output().elements());
    return List.of(
        new Candidate(
            new Kernel(
                folder + name + ".c",
                name,
                plain.form(),
                plain.operands(),
                plain.parameters(),
                plain.scratchBytes(),
                plain.inPlace()),
            100 + elements * cost / VECTOR));
  }

  private static boolean isAdd(Binary op) {
    return op.function() == Binary.Function.ADD;
  }

  /**
   * Whether an int16 holds the sums of a window, and the shifts of single rounding lose no bits
   * that the reference keeps.
   */
  private static boolean isExact(SingleOutputOp op, KernelRequest request, Kernel plain) {
    if (op instanceof Pool2d pool && plain.form() instanceof Form.Tile) {
      return pool.kernel().height() * pool.kernel().width() <= MOST_TAPS;
    }
    if (request.rounding() == Rounding.DOUBLE) {
      return true;
    }
    return switch (op) {
      case Binary binary ->
          switch (binary.function()) {
            case ADD -> addShift(binary, request) <= -SINGLE_SHIFT;
            case MUL -> fits(255 * 255, mulShift(binary, request));
            default -> true;
          };
      case Reduce reduce -> {
        MeanQuantization mean =
            MeanQuantization.of(reduce, request.input(), request.output(), request.rounding());
        yield fits(255L * mean.count(), mean.multiplier().shift());
      }
      default -> true;
    };
  }

  private static boolean fits(long greatest, int shift) {
    int left = Math.max(0, shift + SINGLE_SHIFT);
    return left < Integer.SIZE && greatest << left <= Integer.MAX_VALUE;
  }

  private static int addShift(Binary op, KernelRequest request) {
    return AddQuantization.of(
            request.inputs().get(0),
            request.inputs().get(1),
            request.output(),
            op.activation(),
            request.rounding())
        .output()
        .shift();
  }

  private static int mulShift(Binary op, KernelRequest request) {
    return MulQuantization.of(
            request.inputs().get(0),
            request.inputs().get(1),
            request.output(),
            op.activation(),
            request.rounding())
        .multiplier()
        .shift();
  }
}
