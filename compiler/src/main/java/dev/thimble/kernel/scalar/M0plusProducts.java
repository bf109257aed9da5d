package dev.thimble.kernel.scalar;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.tensor.DType;
import java.util.List;
import java.util.Optional;

/** Convolutions and matrix products for ARMv6-M, two output channels by three pixels at once. */
final class M0plusProducts {
  private static final int PIXELS = 3;
  private static final int WORD = 4;

  private M0plusProducts() {}

  static List<Candidate> candidates(String folder, KernelRequest request, Products products) {
    if (!pairs(products.filter(), products.window().taps())) {
      return List.of();
    }
    Optional<M0plusRequantization> found =
        M0plusRequantization.of(products.sums(), products.filter(), false, request.rounding());
    if (found.isEmpty() || !found.get().pairs(products.sums())) {
      return List.of();
    }
    Candidate single = candidate(folder, request, products, found.get(), 1);
    return products.pixels(request) == 1
        ? List.of(single)
        : List.of(single, candidate(folder, request, products, found.get(), PIXELS));
  }

  private static Candidate candidate(
      String folder,
      KernelRequest request,
      Products products,
      M0plusRequantization requantization,
      int block) {
    Products.Window window = products.window();
    Sums sums = products.sums();
    String name = folder + "_s8_m0plus";
    int filters = products.filters();
    int words = (window.taps() + 1) / 2;
    ParameterList list = new ParameterList();
    list.table(
            "filter", Parameter.Role.FILTER, DType.INT32, packed(products.filter(), window.taps()))
        .table("requant", Parameter.Role.BIAS_REQUANT, DType.INT32, requant(requantization))
        .int32("input_width", window.inputWidth())
        .int32("channels", window.channels())
        .int32("filters", filters)
        .int32("words", words)
        .uint16("kernel_height", window.kernel().height())
        .uint16("kernel_width", window.kernel().width())
        .uint16("stride_width", window.strideWidth())
        .uint16("dilation_height", window.dilation().height())
        .uint16("dilation_width", window.dilation().width())
        .uint16("left", window.left())
        .uint16("range_shift", requantization.rangeShift())
        .uint16("offset_shift", requantization.offsetShift())
        .int32("zero", requantization.zero())
        .int16("min", sums.quantization().min())
        .int16("max", sums.quantization().max())
        .int8("input_zero_point", sums.quantization().inputZeroPoint())
        .int32("block", block);
    Form form = new PortableKernels().select(request).form();
    Kernel kernel =
        new Kernel(
            folder + "/" + name + ".c",
            name,
            form,
            List.of(0),
            list.toList(),
            block * words * 2 * WORD,
            false);
    return new Candidate(
        kernel, M0plusCycles.product(products.pixels(request), filters, window.taps(), block));
  }

  /** Whether each two channels' filters fit the halfwords of a pair: -128 * 256 - 1 does not. */
  private static boolean pairs(int[] filter, int taps) {
    for (int i = 0; i + taps < filter.length; i++) {
      if (i / taps % 2 == 0 && filter[i + taps] * 256 + filter[i] < Short.MIN_VALUE) {
        return false;
      }
    }
    return true;
  }

  /** [O / 2][K / 2] words of two halfwords w[0] + 256 * w[1], from [O][K], both rounded up. */
  private static int[] packed(int[] filter, int taps) {
    int filters = filter.length / taps;
    int words = (taps + 1) / 2;
    int[] packed = new int[(filters + 1) / 2 * words];
    for (int o = 0; o < filters; o++) {
      for (int k = 0; k < taps; k++) {
        int one = o % 2 == 0 ? filter[o * taps + k] : filter[o * taps + k] * 256;
        int at = o / 2 * words + k / 2;
        int other = packed[at] >> 16;
        int low = packed[at] & 0xFFFF;
        if (k % 2 == 0) {
          low = low + one & 0xFFFF;
        } else {
          other += one;
        }
        packed[at] = other << 16 | low;
      }
    }
    return packed;
  }

  private static int[] requant(M0plusRequantization requantization) {
    int[][] words = requantization.words();
    int each = requantization.dips().isPresent() ? 3 : 2;
    int size = 2 + 2 * each;
    int[] table = new int[(words.length + 1) / 2 * size];
    for (int o = 0; o < words.length; o++) {
      int pair = o / 2 * size;
      int start = words[o][0];
      if (o % 2 == 0) {
        table[pair] = start;
        table[pair + 1] = start;
      } else {
        table[pair + 1] += 256 * start;
      }
      int at = pair + 2 + o % 2 * each;
      table[at] = words[o][1];
      table[at + 1] = words[o][2];
      if (requantization.dips().isPresent()) {
        table[at + 2] = requantization.dips().get()[o];
      }
    }
    return table;
  }
}
