package dev.thimble.kernel.scalar;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.tensor.DType;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Convolutions and matrix products for ARMv6-M, two output channels by three pixels at once. */
final class M0plusProducts {
  private static final int PIXELS = 3;
  private static final int WORD = 4;

  /** Corrections may take one byte of flash for so many of a filter's elements. */
  private static final int MENDS_PART = 8;

  private M0plusProducts() {}

  static List<Candidate> candidates(String folder, KernelRequest request, Products products) {
    if (!mayMend(products.filter(), products.window().taps())) {
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
    int taps = products.window().taps();
    List<int[]> mends = mends(products.filter(), taps);
    boolean mended = mends.stream().anyMatch(elements -> elements.length > 0);
    String name = folder + "_s8_m0plus";
    Kernel kernel =
        new Kernel(
            folder + "/" + folder + (mended ? "_s8_mended_m0plus.c" : "_s8_m0plus.c"),
            name,
            new PortableKernels().select(request).form(),
            List.of(0),
            parameters(products, requantization, mends)
                .flag("mended", mended)
                .int32("block", block)
                .toList(),
            block * words(taps) * 2 * WORD,
            false);
    return new Candidate(
        kernel, M0plusCycles.product(products.pixels(request), products.filters(), taps, block));
  }

  /** The words of a row of a pair's filter, two taps in each. */
  private static int words(int taps) {
    return (taps + 1) / 2;
  }

  /** All fields but the last two. */
  private static ParameterList parameters(
      Products products, M0plusRequantization requantization, List<int[]> mends) {
    Products.Window window = products.window();
    Sums sums = products.sums();
    return new ParameterList()
        .table(
            "filter", Parameter.Role.FILTER, DType.INT32, packed(products.filter(), window.taps()))
        .table("requant", Parameter.Role.BIAS_REQUANT, DType.INT32, requant(requantization, mends))
        .int32("input_width", window.inputWidth())
        .int32("channels", window.channels())
        .int32("filters", products.filters())
        .int32("words", words(window.taps()))
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
        .int8("input_zero_point", sums.quantization().inputZeroPoint());
  }

  /** Whether the pairs need no corrections, or so few that listing them takes little flash. */
  private static boolean mayMend(int[] filter, int taps) {
    List<int[]> mends = mends(filter, taps);
    long words = mends.stream().mapToLong(elements -> Math.max(1, elements.length)).sum();
    return mends.stream().allMatch(elements -> elements.length == 0)
        || words * WORD * MENDS_PART <= filter.length;
  }

  /**
   * For each two channels the taps whose weights {@code w[0] + 256 * w[1]} overflow a halfword, as
   * -1 - 128 * 256 does: it then holds 65536 too much, by which the sum is corrected.
   */
  private static List<int[]> mends(int[] filter, int taps) {
    int filters = filter.length / taps;
    return IntStream.range(0, (filters + 1) / 2)
        .mapToObj(pair ->
            IntStream.range(0, 2 * pair + 1 < filters ? taps : 0)
                .filter(tap ->
                    filter[(2 * pair + 1) * taps + tap] * 256 + filter[2 * pair * taps + tap]
                        < Short.MIN_VALUE)
                .toArray())
        .toList();
  }

  /** [O / 2][K / 2] words of two halfwords w[0] + 256 * w[1], from [O][K], both rounded up. */
  private static int[] packed(int[] filter, int taps) {
    int filters = filter.length / taps;
    int words = words(taps);
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

  private static int[] requant(M0plusRequantization requantization, List<int[]> mends) {
    int[][] words = requantization.words();
    boolean mended = mends.stream().anyMatch(elements -> elements.length > 0);
    IntStream.Builder table = IntStream.builder();
    for (int o = 0; o < words.length; o += 2) {
      int second = o + 1 < words.length ? words[o + 1][0] : 0;
      table.add(words[o][0]).add(words[o][0] + 256 * second);
      if (mended) {
        addMends(mends.get(o / 2), table);
      }
      for (int channel = o; channel < o + 2; channel++) {
        boolean there = channel < words.length;
        table.add(there ? words[channel][1] : 0).add(there ? words[channel][2] : 0);
        if (requantization.dips().isPresent()) {
          table.add(there ? requantization.dips().get()[channel] : 0);
        }
      }
    }
    return table.build().toArray();
  }

  private static void addMends(int[] taps, IntStream.Builder table) {
    if (taps.length == 0) {
      table.add(-1);
    }
    for (int i = 0; i < taps.length; i++) {
      table.add(2 * WORD * taps[i] + (i + 1 < taps.length ? 1 : 0));
    }
  }
}
