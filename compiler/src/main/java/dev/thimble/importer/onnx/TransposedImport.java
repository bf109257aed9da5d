package dev.thimble.importer.onnx;

import dev.thimble.graph.Value;
import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.Order;
import dev.thimble.op.Activation;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.op.TransposedConv2d;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Transposed convolutions. */
final class TransposedImport {
  private TransposedImport() {}

  /** What is cut off one axis of the full result, and what is added at its end. */
  private record Cut(int before, int after, int extra) {}

  static void convTranspose(OnnxNode at) {
    at.require(2, 3);
    LaidOut x = at.x(0);
    Shape filter = ConvolutionImport.computed(at, 1, x.rank()).shape();
    List<Integer> spatial = Maps.spatial(at, x);
    String auto = at.attributes().text("auto_pad", "NOTSET");
    // The padding of a transposed convolution follows from its output, so it is read here.
    Windows window = Windows.read(at, spatial, ConvolutionImport.kernel(at, filter));
    int groups = at.attributes().integer("group", 1);
    if (groups < 1 || filter.dim(0) % groups != 0 || filter.dim(0) != x.shape().dim(1)) {
      throw at.malformed("has " + groups + " groups, " + at.describe());
    }
    int outputs = filter.dim(1) * groups;
    List<Cut> cuts = cuts(at, spatial, window, auto);
    Cut rows = cuts.size() == 2 ? cuts.getFirst() : new Cut(0, 0, 0);
    Cut columns = cuts.getLast();
    TransposedConv2d op =
        new TransposedConv2d(
            window.stride(),
            window.dilation(),
            new Padding2d(rows.before(), rows.after(), columns.before(), columns.after()),
            rows.extra(),
            columns.extra(),
            groups,
            Activation.NONE);
    Value bias = ConvolutionImport.bias(at, 2, outputs);
    List<Value> operands = List.of(Maps.nhwc(at, x), weights(at, groups), bias);
    LaidOut map = at.graph().node(at.name(), op, x.dtype(), Order.channelsLast(4), operands);
    at.set(Maps.result(at, map, x.rank()));
  }

  /** The filter [C,O/G,H,W] as [O,H,W,C/G]; one that is computed is transposed at run time. */
  private static Value weights(OnnxNode at, int groups) {
    if (groups == 1 && at.data(1).isEmpty()) {
      List<Integer> turned = new ArrayList<>(Order.source(at.x(1).rank()).axes());
      Collections.swap(turned, 0, 1);
      return Maps.nhwc(at, at.x(1).transposed(turned));
    }
    Tensor filter = ConvolutionImport.asMap(at.constant(1, "filter"));
    return at.graph().constant(at.name("filter"), ohwi(filter, groups)).value();
  }

  /** A filter [C,O/G,H,W] as [O,H,W,C/G]. */
  private static Tensor ohwi(Tensor filter, int groups) {
    Shape shape = filter.shape();
    int inputs = shape.dim(0) / groups;
    int outputs = shape.dim(1);
    int taps = shape.dim(2) * shape.dim(3);
    float[] from = filter.floats();
    float[] to = new float[from.length];
    for (int c = 0; c < shape.dim(0); c++) {
      for (int o = 0; o < outputs; o++) {
        int output = c / inputs * outputs + o;
        for (int tap = 0; tap < taps; tap++) {
          to[(output * taps + tap) * inputs + c % inputs] = from[(c * outputs + o) * taps + tap];
        }
      }
    }
    return Tensor.ofFloats(
        TensorType.float32(outputs * groups, shape.dim(2), shape.dim(3), inputs), to);
  }

  private static List<Cut> cuts(OnnxNode at, List<Integer> spatial, Windows window, String auto) {
    int axes = spatial.size();
    List<Long> zeros = Collections.nCopies(axes, 0L);
    List<Long> extra = at.attributes().integers("output_padding").orElse(zeros);
    Optional<List<Long>> output = at.attributes().integers("output_shape");
    boolean same = auto.startsWith("SAME");
    if (extra.size() != axes || (output.isPresent() && output.get().size() < axes)) {
      throw at.malformed("has output_padding " + extra + " and output_shape " + output);
    }
    List<Cut> cuts = new ArrayList<>();
    for (int i = 0; i < axes; i++) {
      boolean rows = axes == 2 && i == 0;
      Size2d stride = window.stride();
      int step = rows ? stride.height() : stride.width();
      int span = rows ? window.span().height() : window.span().width();
      long full = (spatial.get(i) - 1L) * step + span + extra.get(i);
      if (output.isPresent() || same) {
        List<Long> wanted = output.orElse(List.of());
        long extent =
            output.isPresent()
                ? wanted.get(wanted.size() - axes + i)
                : (long) spatial.get(i) * step;
        cuts.add(fitted(at, full, extent, extra.get(i), auto.equals("SAME_UPPER")));
      } else {
        Padding2d padding = window.padding();
        cuts.add(
            new Cut(
                rows ? padding.top() : padding.left(),
                rows ? padding.bottom() : padding.right(),
                Math.toIntExact(extra.get(i))));
      }
    }
    return cuts;
  }

  /** What must be cut off a full result to leave so many entries. */
  private static Cut fitted(OnnxNode at, long full, long extent, long extra, boolean upper) {
    if (extent < 1 || full > Integer.MAX_VALUE || extent > Integer.MAX_VALUE) {
      throw at.malformed("computes " + full + " entries for " + extent);
    }
    int total = (int) Math.max(0, full - extent);
    int less = total / 2;
    int more = total - less;
    long added = extra + Math.max(0, extent - full);
    return new Cut(upper ? less : more, upper ? more : less, Math.toIntExact(added));
  }
}
