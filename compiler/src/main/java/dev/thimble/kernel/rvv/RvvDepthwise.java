package dev.thimble.kernel.rvv;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.Selection;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Depthwise convolutions. */
final class RvvDepthwise {
  private static final int LEAST_LANES = 32;
  private static final int MOST_LANES = 128;
  private static final int LANES = 64;

  /** The bytes of bias, multiplier and two shifts. */
  private static final int TABLES = 10;

  private final DepthwiseConv2d op;
  private final KernelRequest request;
  private final int[] filter;
  private final RvvScale scale;
  private final RvvWindow window;
  private final int filters;

  private RvvDepthwise(DepthwiseConv2d op, KernelRequest request) {
    this.op = op;
    this.request = request;
    this.filter = Selection.constant(request, 1, "filter").ints();
    int[] bias = FilterParameters.bias(request);
    ConvolutionQuantization quantization = FilterParameters.quantization(request);
    this.scale = new RvvScale(quantization, request.rounding(), filter, true, bias);
    this.filters = bias.length;
    this.window =
        new RvvWindow(
            request.input(),
            request.output().shape(),
            Selection.kernelSize(request.inputs().get(1)),
            op.stride(),
            op.dilation(),
            op.padding());
  }

  static List<Candidate> candidates(DepthwiseConv2d op, KernelRequest request) {
    RvvDepthwise node = new RvvDepthwise(op, request);
    if (!node.scale.isExact()) {
      return List.of();
    }
    List<Candidate> candidates = new ArrayList<>();
    // The kernel that repeats tables has none for fractions.
    if (node.pairsFit() && node.indicesFit() && !node.scale.hasFractions()) {
      candidates.addAll(node.candidates());
    }
    if (op.multiplier() == 1) {
      candidates.add(node.bare());
    }
    return candidates;
  }

  /** Whether a byte holds the distance of any lane's element from the first one. */
  private boolean indicesFit() {
    return request.input().shape().dim(3) <= 256 || (op.multiplier() == 1 && filters > MOST_LANES);
  }

  /** The kernel that needs no working memory. */
  private Candidate bare() {
    ParameterList list = new ParameterList();
    list.table("filter", Parameter.Role.FILTER, DType.INT8, filter);
    scale.addTo(list.inside("scale"));
    window.addTo(list, 1);
    String name = "depthwise_conv2d_s8_bare_rvv";
    int taps = filter.length / filters;
    int blocks = (filters + LEAST_LANES - 1) / LEAST_LANES;
    long cycles = (long) request.output().elements() / filters * (15 + blocks * (50 + 14L * taps));
    return new Candidate(
        new Kernel(
            "depthwise_conv2d/" + name + ".c", name, tile(), List.of(0), list.toList(), 0, false),
        cycles);
  }

  private List<Candidate> candidates() {
    List<Candidate> candidates = new ArrayList<>();
    for (int lanes = MOST_LANES; lanes >= LEAST_LANES; lanes /= 2) {
      if (lanes == MOST_LANES || tableBytes(lanes) < tableBytes(2 * lanes)) {
        for (int chunk : window.chunks()) {
          candidates.add(candidate(lanes, chunk));
        }
      }
    }
    return candidates;
  }

  /** Whether two taps' products never leave int16: they do where both factors are -128 twice. */
  private boolean pairsFit() {
    int width = Selection.kernelSize(request.inputs().get(1)).width();
    return IntStream.range(0, filter.length)
        .noneMatch(i ->
            filter[i] == Byte.MIN_VALUE
                && i / filters % width % 2 == 0
                && i / filters % width + 1 < width
                && filter[i + filters] == Byte.MIN_VALUE);
  }

  private boolean gathers() {
    return op.multiplier() > 1 || op.stride().width() > 1;
  }

  /** The lanes for which tables may be repeated. */
  private int expanded(int lanes) {
    return lanes >= 2 * filters ? lanes / filters * filters : 0;
  }

  private int tableBytes(int lanes) {
    int taps = filter.length / filters;
    return (expanded(lanes) * (TABLES + taps) + (gathers() ? lanes : 0) + 3) / 4 * 4;
  }

  private Candidate candidate(int lanes, int chunk) {
    ParameterList list = new ParameterList();
    list.table("filter", Parameter.Role.FILTER, DType.INT8, filter)
        .int32("filters", filters)
        .int32("most_lanes", lanes)
        .int32("expanded", expanded(lanes))
        .int32("channel_multiplier", op.multiplier());
    scale.addTo(list.inside("scale"));
    window.addTo(list, chunk);
    String name = "depthwise_conv2d_s8_rvv";
    return new Candidate(
        new Kernel(
            "depthwise_conv2d/" + name + ".c",
            name,
            tile(),
            List.of(0),
            list.toList(),
            tableBytes(lanes) + window.scratchBytes(chunk),
            false),
        cycles(Math.min(lanes, LANES), chunk) + MOST_LANES / lanes);
  }

  private Form.Tile tile() {
    Size2d kernel = Selection.kernelSize(request.inputs().get(1));
    int span = (kernel.height() - 1) * op.dilation().height() + 1;
    boolean padded = !op.padding().equals(Padding2d.NONE);
    OptionalInt outside =
        span == 1 && padded ? OptionalInt.of(request.input().zeroPoint()) : OptionalInt.empty();
    return Selection.pixels(
        request,
        new Form.RowWindow(span, op.stride().height(), op.padding().top()),
        op.stride().width(),
        op.padding().left(),
        outside,
        window.isPointwise());
  }

  private long cycles(int lanes, int chunk) {
    Shape output = request.output().shape();
    int taps = filter.length / filters;
    long rows = window.isPointwise() ? 1 : (long) output.dim(0) * output.dim(1);
    long pixels = Selection.product(output, 0, 3) / rows;
    long chunks = (pixels + chunk - 1) / chunk;
    int together = Math.max(1, lanes / filters);
    long blocks = chunks * ((chunk + together - 1L) / together) * ((filters + lanes - 1L) / lanes);
    long block = 35L + taps * (gathers() ? 12L : 11L) + (filters * together > lanes / 2 ? 50 : 25);
    long repeat = together > 1 ? 60 + 5L * taps : 0;
    return rows * (blocks * block + chunks * (window.instructions(chunk) + 40) + repeat);
  }
}
