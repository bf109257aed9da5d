package dev.thimble.kernel.dsp;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.MixedWindow;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.Selection;
import dev.thimble.op.MixedConv2d;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Convolutions of int16 activations by int8 filters, fully connected nodes among them. */
final class DspMixed {
  private static final String NAME = "mixed_conv2d_s16_dsp";
  private static final String DEPTHWISE = "mixed_conv2d_s16_depthwise_dsp";

  /**
   * Working memories are multiples of so many bytes. Those of nodes that follow each other are then
   * equal more often, with which the search of offsets finds smaller arenas; a node costs up to 124
   * bytes for it.
   */
  private static final int SCRATCH_UNIT = 128;

  /**
   * The most taps whose products fit 32 bits, whatever they are, less what makes steps of fours.
   */
  private static final int MAX_DEPTHWISE_TAPS = 508;

  private static final int MAX_WORDS = 0x7000;

  private DspMixed() {}

  static List<Candidate> candidates(MixedConv2d op, KernelRequest request) {
    if (request.input().dtype() != DType.INT16) {
      return List.of();
    }
    Window window = Window.of(op, request);
    if (window.words() > MAX_WORDS) {
      return List.of();
    }
    HalfwordFilter filter = HalfwordFilter.of(op, request);
    List<Candidate> candidates = new ArrayList<>();
    if (op.groups() > 1 && window.depth() == 1 && filter.channels() == op.groups()) {
      if (window.taps() <= MAX_DEPTHWISE_TAPS) {
        candidates.add(depthwise(op, request, window, filter));
      }
      return candidates;
    }
    candidates.add(candidate(op, request, window, filter, window.lies() ? 0 : 1));
    candidates.add(candidate(op, request, window, filter, 2));
    // Groups of few channels are left to portable C.
    long limit = op.groups() == 1 ? Long.MAX_VALUE : DspMixedCosts.portable(request);
    return candidates.stream().filter(candidate -> candidate.cycles() < limit).toList();
  }

  private static Candidate candidate(
      MixedConv2d op, KernelRequest request, Window window, HalfwordFilter filter, int pixels) {
    Shape input = request.input().shape();
    ParameterList list = new ParameterList();
    filter.table(list, filter.words(window.runs(), window.run(), op.groups()));
    int width = window.pointwise() ? Selection.product(input, 0, 3) : input.dim(2);
    MixedWindow.parameters(op, request, width, list.inside("window"));
    filter.outputs(list.inside("outputs"));
    list.int32("run", window.run())
        .uint16("runs", window.runs() / window.kernel().height())
        .uint16("run_width", window.run() / window.depth())
        .uint16("words", window.words())
        .uint16("pairs", window.runs() * (window.run() / 2))
        .uint16("pixels", pixels);
    int room = window.padded() ? Short.BYTES * pixels * window.run() : 0;
    int scratch = Integer.BYTES * pixels * window.words() + room;
    // The groups of a pixel pair are read one after the other, after outputs of both are written.
    int before = op.padding().left() + (op.groups() > 1 ? op.stride().width() : 0);
    Form form = MixedWindow.form(op, request, before, window.pointwise());
    return new Candidate(
        kernel(NAME, form, list, scratch),
        DspMixedCosts.convolution(request, window.runs(), pixels, filter.isQuick()));
  }

  private static Candidate depthwise(
      MixedConv2d op, KernelRequest request, Window window, HalfwordFilter filter) {
    ParameterList list = new ParameterList();
    filter.table(list, filter.fours());
    MixedWindow.parameters(op, request, request.input().shape().dim(2), list.inside("window"));
    filter.outputs(list.inside("outputs"));
    int outside = window.padded() ? filter.channels() : 0;
    list.int32("outside", outside);
    int scratch = Integer.BYTES * window.taps() + Short.BYTES * outside;
    Form form = MixedWindow.form(op, request, op.padding().left(), false);
    return new Candidate(
        kernel(DEPTHWISE, form, list, scratch),
        DspMixedCosts.depthwise(request, window.taps(), filter.isQuick()));
  }

  private static Kernel kernel(String name, Form form, ParameterList list, int scratch) {
    int aligned = (scratch + SCRATCH_UNIT - 1) / SCRATCH_UNIT * SCRATCH_UNIT;
    return new Kernel(
        "mixed_conv2d/" + name + ".c", name, form, List.of(0), list.toList(), aligned, false);
  }

  /**
   * What a window consists of.
   *
   * @param depth the channels of a group
   * @param runs the runs of adjoining elements, of all rows
   * @param run the elements of each
   * @param padded whether it may reach beyond the map
   * @param pointwise whether all rows may be taken for one
   */
  record Window(Size2d kernel, int depth, int runs, int run, boolean padded, boolean pointwise) {
    static Window of(MixedConv2d op, KernelRequest request) {
      Size2d kernel = Selection.kernelSize(request.inputs().get(1));
      int depth = request.inputs().get(1).shape().dim(3);
      boolean adjoin = op.groups() == 1 && op.dilation().width() == 1;
      boolean padded = !op.padding().equals(Padding2d.NONE);
      return new Window(
          kernel,
          depth,
          kernel.height() * (adjoin ? 1 : kernel.width()),
          adjoin ? kernel.width() * depth : depth,
          padded,
          kernel.equals(Size2d.ONE) && op.stride().equals(Size2d.ONE) && !padded);
    }

    int taps() {
      return runs * run;
    }

    /** The words of a pixel's column. */
    int words() {
      return (taps() + 1) / 2;
    }

    /** Whether a window is one run of the map. */
    boolean lies() {
      return runs == 1 && !padded;
    }
  }
}
