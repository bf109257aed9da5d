package dev.thimble.kernel.scalar;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.PortableKernels;
import java.util.List;
import java.util.Set;

/**
 * Convolutions and matrix products for ARMv7-M, four output channels by two pixels at once. They
 * take the tables of the portable ones.
 */
final class M3Products {
  private static final int PIXELS = 2;
  private static final int WORD = 4;

  private M3Products() {}

  static List<Candidate> candidates(String folder, KernelRequest request, Products products) {
    if (!products.sums().isFast()) {
      return List.of();
    }
    Kernel portable = new PortableKernels().select(request);
    List<Parameter> parameters =
        portable.parameters().stream()
            .filter(p -> !Set.of("depth", "groups").contains(p.field()))
            .toList();
    Products.Window window = products.window();
    // Where no window reaches beyond the map, no window is copied.
    boolean copies = !window.isPixel();
    int pixels = Math.min(products.pixels(request), PIXELS);
    int scratch = copies ? (pixels * window.taps() + WORD - 1) / WORD * WORD : 0;
    String name = folder + "_s8_m3";
    Form form =
        portable.form() instanceof Form.Tile tile
            ? reaching(tile, (PIXELS - 1) * window.strideWidth())
            : portable.form();
    Kernel kernel =
        new Kernel(folder + "/" + name + ".c", name, form, List.of(0), parameters, scratch, false);
    return List.of(
        new Candidate(
            kernel,
            M0plusCycles.armv7(products.pixels(request), products.filters(), window.taps())));
  }

  /** A tile that reads columns further left: the first pixel's, for the later channels. */
  static Form.Tile reaching(Form.Tile tile, int back) {
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
