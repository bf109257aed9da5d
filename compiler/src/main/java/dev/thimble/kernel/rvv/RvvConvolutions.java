package dev.thimble.kernel.rvv;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.Selection;
import dev.thimble.op.Conv2d;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Convolutions and matrix products. */
final class RvvConvolutions {
  private static final int LANES = 32;

  /** The pixels that are computed at a time where lanes are channels. */
  private static final int PIXELS = 3;

  private RvvConvolutions() {}

  static List<Candidate> candidates(FullyConnected op, KernelRequest request) {
    ConvolutionQuantization quantization = FilterParameters.quantization(request);
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = FilterParameters.bias(request);
    RvvScale scale = new RvvScale(quantization, request.rounding(), filter, false, bias);
    if (!scale.isExact()) {
      return List.of();
    }
    int depth = filter.length / bias.length;
    int rows = request.input().elements() / depth;
    RvvGemm gemm = new RvvGemm(bias.length, 1, 1, 1, depth, depth, RvvGemm.MOST_LANES);
    ParameterList list = new ParameterList();
    gemm.addTo(list, filter, scale);
    list.int32("pixels", rows);
    String name = "fully_connected_s8_rvv";
    return List.of(
        new Candidate(
            new Kernel(
                "fully_connected/" + name + ".c",
                name,
                new Form.Whole(),
                List.of(0),
                list.toList(),
                0,
                false),
            gemm.instructions(rows)));
  }

  static List<Candidate> candidates(Conv2d op, KernelRequest request) {
    ConvolutionQuantization quantization = FilterParameters.quantization(request);
    int[] filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = FilterParameters.bias(request);
    RvvScale scale = new RvvScale(quantization, request.rounding(), filter, false, bias);
    if (!scale.isExact()) {
      return List.of();
    }
    RvvWindow window = window(op, request);
    List<Candidate> candidates = new ArrayList<>();
    for (int chunk : chunks(op, window)) {
      candidates.add(candidate(op, request, window, filter, scale, chunk));
    }
    if (!window.isDirect()) {
      candidates.add(bare(op, request, window, filter, scale));
    }
    return candidates;
  }

  /**
   * How many pixels may be computed at a time. A chunk's groups follow one another, so that the
   * last one reads all of its pixels after outputs of all were written: where windows are not
   * copied there must be no more than {@link #tile} says.
   */
  private static List<Integer> chunks(Conv2d op, RvvWindow window) {
    List<Integer> chunks = window.chunks();
    return op.groups() > 1 && window.isDirect()
        ? chunks.stream().map(chunk -> Math.min(chunk, mostLanes(window))).toList()
        : chunks;
  }

  static RvvWindow window(Conv2d op, KernelRequest request) {
    return new RvvWindow(
        request.input(),
        request.output().shape(),
        Selection.kernelSize(request.inputs().get(1)),
        op.stride(),
        op.dilation(),
        op.padding());
  }

  private static Candidate candidate(
      Conv2d op, KernelRequest request, RvvWindow window, int[] filter, RvvScale scale, int chunk) {
    RvvGemm gemm = gemm(op, request, mostLanes(window));
    ParameterList list = new ParameterList();
    gemm.addTo(list, filter, scale);
    window.addTo(list, chunk);
    String name = "conv2d_s8_rvv";
    Shape output = request.output().shape();
    long rows = window.isPointwise() ? 1 : (long) output.dim(0) * output.dim(1);
    long pixels = Selection.product(output, 0, 3) / rows;
    long chunks = (pixels + chunk - 1) / chunk;
    long cycles =
        rows
            * (chunks * window.instructions(chunk)
                + pixels / chunk * gemm.instructions(chunk)
                + (pixels % chunk == 0 ? 0 : gemm.instructions(pixels % chunk)));
    return new Candidate(
        new Kernel(
            "conv2d/" + name + ".c",
            name,
            tile(op, request, window, gemm.mostLanes()),
            List.of(0),
            list.toList(),
            window.scratchBytes(chunk),
            false),
        cycles);
  }

  /** The kernel that needs no working memory. */
  private static Candidate bare(
      Conv2d op, KernelRequest request, RvvWindow window, int[] filter, RvvScale scale) {
    RvvGemm gemm = gemm(op, request, PIXELS);
    ParameterList list = new ParameterList();
    gemm.addTo(list, filter, scale);
    window.addTo(list, 1);
    String name = "conv2d_s8_bare_rvv";
    long pixels = Selection.product(request.output().shape(), 0, 3);
    return new Candidate(
        new Kernel(
            "conv2d/" + name + ".c",
            name,
            tile(op, request, window, 1),
            List.of(0),
            list.toList(),
            0,
            false),
        pixels * (gemm.instructions(1) + 20L * gemm.rows() * gemm.taps()));
  }

  static RvvGemm gemm(Conv2d op, KernelRequest request, int lanes) {
    Shape filter = request.inputs().get(1).shape();
    int filters = filter.dim(0) / op.groups();
    int channels = request.input().shape().dim(3);
    Size2d kernel = Selection.kernelSize(request.inputs().get(1));
    boolean adjoin = op.groups() == 1 && (op.dilation().width() == 1 || kernel.width() == 1);
    return adjoin
        ? new RvvGemm(filters, 1, kernel.height(), 1, kernel.width() * channels, 0, lanes)
        : new RvvGemm(
            filters,
            op.groups(),
            kernel.height(),
            kernel.width(),
            filter.dim(3),
            op.dilation().width() * channels,
            lanes);
  }

  /**
   * The more pixels are computed at a time where windows are not copied, the less the output may
   * overlap the input. A small part of the map is worth the longer vectors.
   */
  private static int mostLanes(RvvWindow window) {
    int part = Selection.product(window.output(), 1, 3) / 16;
    if (!window.isDirect() || part >= RvvGemm.MOST_LANES) {
      return RvvGemm.MOST_LANES;
    }
    return part < LANES ? PIXELS : part;
  }

  /** Where windows are not copied, some pixels' are read again after outputs of others. */
  private static Form.Tile tile(Conv2d op, KernelRequest request, RvvWindow window, int lanes) {
    Size2d kernel = Selection.kernelSize(request.inputs().get(1));
    int span = (kernel.height() - 1) * op.dilation().height() + 1;
    boolean padded = !op.padding().equals(Padding2d.NONE);
    OptionalInt outside =
        span == 1 && padded ? OptionalInt.of(request.input().zeroPoint()) : OptionalInt.empty();
    int stride = op.stride().width();
    int late = window.isDirect() ? (lanes - 1) * stride : 0;
    return Selection.pixels(
        request,
        new Form.RowWindow(span, op.stride().height(), op.padding().top()),
        stride,
        op.padding().left() + late,
        outside,
        window.isPointwise());
  }
}
