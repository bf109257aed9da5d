package dev.thimble.kernel.scalar;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.tensor.DType;
import java.util.Arrays;
import java.util.List;

/** Convolutions for RISC-V of which one multiplication serves two pixels. */
final class RiscvPairs {
  private static final String NAME = "conv2d_pairs_s8_riscv";

  /** The pixels of a block, and the bytes of a word. */
  private static final int FOUR = 4;

  private RiscvPairs() {}

  static List<Candidate> candidates(KernelRequest request, Products products) {
    if (products.pixels(request) == 1) {
      return List.of();
    }
    return PairFilter.of(products.filter(), products.window().taps())
        .map(filter -> candidate(request, products, filter))
        .stream()
        .toList();
  }

  private static Candidate candidate(KernelRequest request, Products products, PairFilter filter) {
    Products.Window window = products.window();
    boolean beyond = !window.isPixel();
    int units = PairFilter.units(window.taps());
    int pixel = beyond ? (window.channels() + FOUR - 1) / FOUR * FOUR : 0;
    Kernel portable = new PortableKernels().select(request);
    Kernel kernel =
        RiscvKernels.kernel(
            portable,
            "conv2d",
            NAME,
            parameters(products, filter, beyond),
            units * FOUR * FOUR + pixel,
            (FOUR - 1) * window.strideWidth());
    int groups = Arrays.stream(filter.groups()).sum();
    return new Candidate(
        kernel, RiscvCycles.pairs(blocks(kernel), products.filters(), window.taps(), groups));
  }

  /** The blocks of four pixels that a row, or the whole map, is divided into. */
  private static long blocks(Kernel kernel) {
    return switch (kernel.form()) {
      case Form.Tile tile -> {
        Form.Tile flat = tile.flattened();
        yield (long) flat.batch() * flat.rows() * ((flat.width() + FOUR - 1) / FOUR);
      }
      case Form.Reduce reduce -> 1;
      case Form.Whole whole -> 1;
    };
  }

  private static List<Parameter> parameters(Products products, PairFilter filter, boolean beyond) {
    Products.Window window = products.window();
    Sums sums = products.sums();
    int even = (products.filters() + 1) / 2 * 2;
    ParameterList list =
        new ParameterList()
            .table("filter", Parameter.Role.FILTER, DType.INT8, filter.steps())
            .table("groups", Parameter.Role.BIAS_REQUANT, DType.INT16, filter.groups())
            .table(
                "bias", Parameter.Role.BIAS_REQUANT, DType.INT32, Arrays.copyOf(sums.bias(), even));
    FilterParameters.requantizationOfAny(list, sums.quantization());
    list.int32("input_width", window.inputWidth())
        .int32("channels", window.channels())
        .int32("filters", products.filters())
        .int32("units", PairFilter.units(window.taps()))
        .uint16("kernel_height", window.kernel().height())
        .uint16("kernel_width", window.kernel().width())
        .uint16("stride_width", window.strideWidth())
        .uint16("dilation_height", window.dilation().height())
        .uint16("dilation_width", window.dilation().width())
        .uint16("left", window.left());
    FilterParameters.bounds(
        list, sums.quantization(), sums.quantization().min(), sums.quantization().max());
    list.flag("beyond", beyond);
    FilterParameters.fraction(list, sums.quantization());
    return list.toList();
  }
}
