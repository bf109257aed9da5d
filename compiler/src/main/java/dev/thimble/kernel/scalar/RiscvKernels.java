package dev.thimble.kernel.scalar;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.InstructionSet;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.PackedFilter;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.op.Binary;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The int8 kernels for RISC-V with multiplication and without vectors, of 32 and of 64 bits. */
public final class RiscvKernels implements InstructionSet {
  /** The pixels of a product's block. */
  private static final int BLOCK = 4;

  private static final String SUFFIX = "_s8_riscv";

  @Override
  public List<Candidate> candidates(KernelRequest request) {
    // Filters of few bits are for portable C.
    return request.output().isFloat() || PackedFilter.bits(request) < Byte.SIZE
        ? List.of()
        : ints(LevelChannels.rewritten(request));
  }

  private static List<Candidate> ints(KernelRequest request) {
    return switch (request.op()) {
      case Conv2d op when op.groups() == 1 -> products(request, "conv2d", Products.of(op, request));
      case FullyConnected op -> products(request, "fully_connected", Products.of(op, request));
      case DepthwiseConv2d op ->
          SingleDepth.convolution(op, request)
              .map(RiscvKernels::ints)
              .orElseGet(() -> RiscvDepthwise.candidates(op, request));
      case Binary op -> RiscvElementwise.candidates(op, request);
      default -> List.of();
    };
  }

  private static List<Candidate> products(KernelRequest request, String folder, Products products) {
    boolean fast = products.sums().isFast() && products.sums().foldsZeroPoint();
    // A single pixel's sums are requantised in C, where the slower way serves too.
    if (!fast && products.pixels(request) > 1) {
      return List.of();
    }
    List<Candidate> candidates = new ArrayList<>();
    candidates.add(plain(request, folder, products, fast));
    if (fast && request.op() instanceof Conv2d) {
      candidates.addAll(RiscvPairs.candidates(request, products));
    }
    return candidates;
  }

  private static Candidate plain(
      KernelRequest request, String folder, Products products, boolean fast) {
    Kernel portable = new PortableKernels().select(request);
    List<Parameter> parameters =
        Stream.concat(
                portable.parameters().stream()
                    .filter(p -> !Set.of("depth", "groups").contains(p.field())),
                Stream.of(Parameter.Scalar.of("fast", fast ? 1 : 0)))
            .toList();
    Products.Window window = products.window();
    int pixels = products.pixels(request);
    // Where no window reaches beyond the map, no window is copied.
    boolean copies = !window.isPixel();
    int scratch =
        copies ? (Math.min(pixels, BLOCK) * window.taps() + BLOCK - 1) / BLOCK * BLOCK : 0;
    int back = (BLOCK - 1) * window.strideWidth();
    return new Candidate(
        kernel(portable, folder, folder + SUFFIX, parameters, scratch, back),
        RiscvCycles.product(pixels, products.filters(), window.taps()));
  }

  /**
   * A kernel of the same form as the portable one, which goes on reading columns further left.
   *
   * @param back the input columns from a block's last pixel to its first: the first one is read for
   *     the later channels after the last one's first channels were written
   */
  static Kernel kernel(
      Kernel portable,
      String folder,
      String name,
      List<Parameter> parameters,
      int scratch,
      int back) {
    Form form =
        switch (portable.form()) {
          case Form.Tile tile -> reaching(tile, back);
          case Form.Reduce reduce -> reduce;
          case Form.Whole whole -> whole;
        };
    return new Kernel(
        folder + "/" + name + ".c", name, form, List.of(0), parameters, scratch, false);
  }

  private static Form.Tile reaching(Form.Tile tile, int back) {
    Form.Operand operand = tile.operands().getFirst();
    Form.Columns columns = operand.columns();
    Form.Columns wider =
        new Form.Columns(columns.bytes(), columns.stride(), columns.before() + back);
    return new Form.Tile(
        tile.batch(),
        tile.rows(),
        tile.width(),
        tile.rowBytes(),
        tile.window(),
        List.of(new Form.Operand(operand.rows(), operand.rowBytes(), wider)),
        tile.outside(),
        tile.contiguous());
  }
}
