package dev.thimble.kernel.dsp;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.op.Conv2d;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.Pool2d;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Convolutions with the max pooling after them as one kernel, which calls the convolution's on as
 * many pixels of a row as a chunk of pooled pixels needs, into working memory.
 */
final class DspFused {
  private static final String NAME = "conv2d_max_pool_s8_dsp";

  /** Cycles that a call of the convolution takes apart from its pixels. */
  private static final int CALL = 220;

  private final Conv2d conv;
  private final KernelRequest request;
  private final Pool2d pool;
  private final Kernel plain;
  private final Form.Tile form;
  private final DspConvolutions.Windows windows;
  private final DspFilters filters;

  private DspFused(
      Conv2d conv,
      KernelRequest request,
      Pool2d pool,
      Kernel plain,
      Form.Tile form,
      DspConvolutions.Windows windows,
      DspFilters filters) {
    this.conv = conv;
    this.request = request;
    this.pool = pool;
    this.plain = plain;
    this.form = form;
    this.windows = windows;
    this.filters = filters;
  }

  static List<Candidate> candidates(
      Conv2d conv, KernelRequest request, Pool2d pool, KernelRequest pooling) {
    Optional<Kernel> plain = new PortableKernels().fuse(request, pooling);
    if (plain.isEmpty()
        || !(plain.get().form() instanceof Form.Tile form)
        || !DspConvolutions.serves(conv, request)) {
      return List.of();
    }
    DspConvolutions.Windows windows = DspConvolutions.Windows.of(conv, request).byRows();
    Optional<DspFilters> filters =
        DspConvolutions.filters(conv, request, windows, quantization(request, pool));
    List<Candidate> candidates = new ArrayList<>();
    if (filters.isPresent()) {
      DspFused fused = new DspFused(conv, request, pool, plain.get(), form, windows, filters.get());
      for (int chunk : chunks(form.width())) {
        for (int pixels : windows.ways()) {
          candidates.add(fused.candidate(pixels, chunk));
        }
      }
    }
    return candidates;
  }

  /** The convolution's, with both clamps merged. */
  private static ConvolutionQuantization quantization(KernelRequest request, Pool2d pool) {
    ConvolutionQuantization alone = FilterParameters.quantization(request);
    int lowest = pool.activation().quantizedMin(request.output());
    int highest = pool.activation().quantizedMax(request.output());
    return alone.within(lowest, highest);
  }

  /** A whole row, halves of it, and so on, that are much the same in size. */
  private static Iterable<Integer> chunks(int width) {
    TreeSet<Integer> chunks = new TreeSet<>();
    for (int parts = 1; parts < 2 * width; parts *= 2) {
      chunks.add((width + parts - 1) / parts);
    }
    return chunks;
  }

  private Candidate candidate(int pixels, int chunk) {
    ParameterList list = new ParameterList();
    int scratch =
        DspConvolutions.parameters(
            list.inside("convolution"), conv, request, windows, filters, pixels);
    int channels = request.output().shape().dim(3);
    list.int32("filters", channels)
        .int32("convolution_bytes", scratch)
        .uint16("row_stride", conv.stride().height())
        .uint16("pool_height", pool.kernel().height())
        .uint16("pool_width", pool.kernel().width())
        .uint16("pool_stride_width", pool.stride().width())
        .uint16("chunk", chunk);
    Kernel kernel =
        new Kernel(
            "conv2d_max_pool/" + filters.source(NAME),
            NAME,
            form(chunk),
            plain.operands(),
            list.toList(),
            scratch + (columns(chunk) * channels + 3) / 4 * 4,
            false);
    return new Candidate(kernel, cycles(pixels, chunk));
  }

  /** The convolved pixels of a row that so many pooled ones need. */
  private int columns(int chunk) {
    return (chunk - 1) * pool.stride().width() + pool.kernel().width();
  }

  /** A chunk's outputs are stored row by row of its windows, before all of those have been read. */
  private Form.Tile form(int chunk) {
    Form.Operand operand = form.operands().getFirst();
    Form.Columns columns = operand.columns();
    return new Form.Tile(
        form.batch(),
        form.rows(),
        form.width(),
        form.rowBytes(),
        form.window(),
        List.of(
            new Form.Operand(
                operand.rows(),
                operand.rowBytes(),
                new Form.Columns(
                    columns.bytes(),
                    columns.stride(),
                    columns.before() + (chunk - 1) * columns.stride()))),
        form.outside(),
        form.contiguous());
  }

  private long cycles(int pixels, int chunk) {
    int channels = request.output().shape().dim(3);
    long maxima = channels * (2L + pool.kernel().width()) + 30;
    int rest = form.width() % chunk;
    long calls =
        form.width() / chunk * call(pixels, columns(chunk))
            + (rest > 0 ? call(pixels, columns(rest)) : 0);
    return (long) form.batch()
        * form.rows()
        * pool.kernel().height()
        * (calls + form.width() * maxima);
  }

  private long call(int pixels, int columns) {
    return CALL
        + DspCosts.row(
            request, filters, pixels, columns, windows.kernel().height(), windows.runs());
  }
}
