package dev.thimble.kernel;

import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Op;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;

/**
 * Filters whose elements need few bits. In the network they are int8; in flash they are packed: a
 * number of 4 bits is the element plus 8, one of 2 bits the element plus 2, one of a single bit is
 * 1 for the element 1 and 0 for -1. The lowest bits of a byte come first.
 */
public final class PackedFilter {
  private static final int BYTE = 8;

  /** Smaller filters save less than the kernels that unpack them cost. */
  private static final int MIN_ELEMENTS = 64;

  /** The pixels that portable kernels compute with what they unpack once. */
  static final int PIXELS = 8;

  /** The elements of a filter that portable kernels of convolutions unpack at a time. */
  static final int PART = 64;

  private PackedFilter() {}

  /**
   * The bits that each element of a node's filter takes in flash: 4, 2 or 1 for int8 convolutions
   * and matrix products whose elements all fit, else 8. What is all zeros says nothing of its
   * format, and has 8.
   */
  public static int bits(KernelRequest request) {
    return isFiltered(request.op())
            && Selection.isInt8(request.input())
            && request.inputs().get(1).dtype() == DType.INT8
        ? request.constants().get(1).map(PackedFilter::bits).orElse(BYTE)
        : BYTE;
  }

  private static boolean isFiltered(Op op) {
    return op instanceof Conv2d || op instanceof DepthwiseConv2d || op instanceof FullyConnected;
  }

  /** The bits that an element of an int8 filter takes when it is packed; 8 where it is not. */
  public static int bits(Tensor filter) {
    int least = 0;
    int greatest = 0;
    boolean zeros = false;
    for (int element : filter.ints()) {
      least = Math.min(least, element);
      greatest = Math.max(greatest, element);
      zeros |= element == 0;
    }
    if (filter.ints().length < MIN_ELEMENTS || least < -8 || greatest > 7 || least == greatest) {
      return BYTE;
    }
    if (least >= -1 && greatest <= 1 && !zeros) {
      return 1;
    }
    return least >= -2 && greatest <= 1 ? 2 : 4;
  }

  /** Elements in the order in which a kernel reads them, packed to bytes. */
  public static int[] packed(int[] elements, int bits) {
    int perByte = BYTE / bits;
    int[] bytes = new int[(elements.length + perByte - 1) / perByte];
    for (int i = 0; i < elements.length; i++) {
      int number = bits == 1 ? (elements[i] + 1) / 2 : elements[i] + (1 << (bits - 1));
      bytes[i / perByte] |= number << (i % perByte * bits);
    }
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) bytes[i];
    }
    return bytes;
  }
}
