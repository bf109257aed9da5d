package dev.thimble.kernel.dsp;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.Selection;
import dev.thimble.op.Conv2d;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Convolutions. */
final class DspConvolutions {
  private static final String NAME = "conv2d_s8_dsp";
  private static final int MAX_TAPS = 0x7000;
  private static final int MIN_DIRECT = 4;

  /** In place of a number of pixels: one, whose window is copied as it is. */
  static final int GATHERED = -1;

  private DspConvolutions() {}

  static List<Candidate> candidates(Conv2d op, KernelRequest request) {
    if (request.input().dtype() != DType.INT8 || request.output().dtype() != DType.INT8) {
      return List.of();
    }
    Windows windows = Windows.of(op, request);
    Optional<DspFilters> filters =
        filters(op, request, windows, FilterParameters.quantization(request));
    List<Candidate> candidates = new ArrayList<>(DspNibbles.candidates(op, request));
    candidates.addAll(DspWinograd.candidate(op, request).stream().toList());
    for (int pixels : filters.isPresent() ? windows.ways() : new int[0]) {
      candidates.add(candidate(op, request, windows, filters.get(), pixels));
    }
    // Groups of few channels are left to portable C.
    long limit = op.groups() == 1 ? Long.MAX_VALUE : DspCosts.portable(request);
    return candidates.stream().filter(candidate -> candidate.cycles() < limit).toList();
  }

  /** Whether a kernel may hold the convolution beside other things; groups run by themselves. */
  static boolean serves(Conv2d op, KernelRequest request) {
    return request.input().dtype() == DType.INT8
        && request.output().dtype() == DType.INT8
        && op.groups() == 1;
  }

  /** The tables of a node; nothing where the kernel cannot take it. */
  static Optional<DspFilters> filters(
      Conv2d op, KernelRequest request, Windows windows, ConvolutionQuantization quantization) {
    return windows.taps() > MAX_TAPS
        ? Optional.empty()
        : DspFilters.of(request, quantization, windows.steps(), op.groups());
  }

  /** The fields of {@code conv2d_s8_dsp_params}; returns the bytes of scratch memory. */
  static int parameters(
      ParameterList list,
      Conv2d op,
      KernelRequest request,
      Windows windows,
      DspFilters columns,
      int pixels) {
    boolean gathered = pixels == GATHERED;
    DspFilters filters =
        gathered
            ? columns.reordered(
                FilterSteps.of(1, windows.taps()),
                Selection.constant(request, 1, "filter").ints(),
                op.groups())
            : columns;
    filters.parameters(list);
    windows.parameters(list, op, request, filters);
    int edge = windows.edge(op, pixels);
    list.uint16("edge", edge)
        .uint16("pixels", Math.max(0, pixels))
        .uint16("gathered", gathered ? 1 : 0)
        .int8("input_zero_point", filters.quantization().inputZeroPoint());
    if (gathered) {
      return (windows.taps() + 3) / 4 * 4;
    }
    int room = windows.padded() ? edge + (pixels == 2 ? windows.run() : 0) : 0;
    int scratch = pixels * 4 * filters.steps().columnWords() + room;
    return (scratch + 3) / 4 * 4;
  }

  private static Candidate candidate(
      Conv2d op, KernelRequest request, Windows windows, DspFilters filters, int pixels) {
    ParameterList list = new ParameterList();
    int scratch = parameters(list, op, request, windows, filters, pixels);
    Kernel kernel =
        new Kernel(
            "conv2d/" + NAME + ".c",
            NAME,
            form(op, request, windows),
            List.of(0),
            list.toList(),
            scratch,
            false);
    long cycles =
        DspCosts.convolution(request, filters, pixels, windows.kernel().height(), windows.runs());
    return new Candidate(kernel, cycles);
  }

  static Form.Tile form(Conv2d op, KernelRequest request, Windows windows) {
    int window = (windows.kernel().height() - 1) * op.dilation().height() + 1;
    boolean padded = op.padding().top() > 0 || op.padding().bottom() > 0;
    // A driver could mistake a map of one row for one that serves every output row.
    OptionalInt outside =
        window == 1 && padded ? OptionalInt.of(request.input().zeroPoint()) : OptionalInt.empty();
    // The groups of a pixel pair are read one after the other, after outputs of both are written.
    int before = op.padding().left() + (op.groups() > 1 ? op.stride().width() : 0);
    return Selection.pixels(
        request,
        new Form.RowWindow(window, op.stride().height(), op.padding().top()),
        op.stride().width(),
        before,
        outside,
        windows.pointwise());
  }

  /**
   * What a convolution's window consists of.
   *
   * @param depth the channels of a group
   * @param runs the runs of adjoining elements of a kernel row
   * @param run the elements of each
   * @param padded whether a window may reach beyond the map
   * @param pointwise whether all rows may be taken for one
   */
  record Windows(Size2d kernel, int depth, int runs, int run, boolean padded, boolean pointwise) {
    static Windows of(Conv2d op, KernelRequest request) {
      Size2d kernel = Selection.kernelSize(request.inputs().get(1));
      int depth = request.inputs().get(1).shape().dim(3);
      boolean adjoin = op.groups() == 1 && op.dilation().width() == 1;
      boolean padded = !op.padding().equals(Padding2d.NONE);
      return new Windows(
          kernel,
          depth,
          adjoin ? 1 : kernel.width(),
          adjoin ? kernel.width() * depth : depth,
          padded,
          kernel.equals(Size2d.ONE) && op.stride().equals(Size2d.ONE) && !padded);
    }

    /** The same of a map whose rows are taken one by one. */
    Windows byRows() {
      return new Windows(kernel, depth, runs, run, padded, false);
    }

    /** How pixels may be computed: 2 or 1 of columns, 0 as they lie in the map, or gathered. */
    int[] ways() {
      boolean lies = kernel.equals(Size2d.ONE) && !padded;
      return taps() < MIN_DIRECT ? new int[] {1, 2} : new int[] {lies ? 0 : GATHERED, 1, 2};
    }

    int taps() {
      return kernel.height() * kernel.width() * depth;
    }

    /** The bytes that a row's part takes, which is a run of each pixel where taps are runs. */
    int edge(Conv2d op, int pixels) {
      return runs > 1 || pixels < 2
          ? Math.max(1, pixels) * run
          : run + op.stride().width() * depth * op.groups();
    }

    FilterSteps steps() {
      return FilterSteps.of(kernel.height() * runs, run);
    }

    void parameters(ParameterList list, Conv2d op, KernelRequest request, DspFilters filters) {
      Shape input = request.input().shape();
      list.int32("input_width", pointwise ? Selection.product(input, 0, 3) : input.dim(2))
          .int32("channels", input.dim(3))
          .int32("depth", depth)
          .int32("group_filters", request.output().shape().dim(3) / op.groups())
          .int32("run", run)
          .uint16("runs", runs)
          .uint16("run_width", run / depth)
          .uint16("groups", op.groups())
          .uint16("kernel_height", kernel.height())
          .uint16("stride_width", op.stride().width())
          .uint16("dilation_height", op.dilation().height())
          .uint16("dilation_width", op.dilation().width())
          .uint16("left", op.padding().left())
          .uint16("rest", filters.steps().main())
          .uint16("words", filters.steps().columnWords());
    }
  }
}
