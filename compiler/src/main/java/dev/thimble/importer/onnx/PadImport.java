package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.op.Pad;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Borders around tensors. */
final class PadImport {
  private PadImport() {}

  static void pad(OnnxNode at) {
    at.require(1, 4);
    LaidOut x = at.x(0);
    String mode = at.attributes().text("mode", "constant");
    List<Long> pads =
        (at.opset() < 2 ? at.attributes().integers("paddings") : at.integers("pads", 1))
            .orElseThrow(() -> at.malformed("has no pads"));
    double value =
        at.opset() < 11 ? at.attributes().real("value", 0) : at.has(2) ? at.number(2, "value") : 0;
    List<Integer> axes =
        at.has(3)
            ? at.axes(at.integers(3, "axes"), x.rank())
            : IntStream.range(0, x.rank()).boxed().toList();
    if (pads.size() != 2 * axes.size()) {
      throw at.malformed("has pads " + pads + " for " + axes.size() + " axes");
    }
    List<Integer> before = new ArrayList<>(Collections.nCopies(x.rank(), 0));
    List<Integer> after = new ArrayList<>(before);
    for (int i = 0; i < axes.size(); i++) {
      before.set(x.axis(axes.get(i)), amount(at, pads.get(i)));
      after.set(x.axis(axes.get(i)), amount(at, pads.get(i + axes.size())));
    }
    Pad.Mode kind =
        switch (mode) {
          case "constant" -> Pad.Mode.CONSTANT;
          case "reflect" -> Pad.Mode.REFLECT;
          case "edge" -> Pad.Mode.EDGE;
          case "wrap" -> Pad.Mode.WRAP;
          default -> throw at.malformed("has mode " + Source.quoted(mode));
        };
    at.along(new Pad(before, after, kind == Pad.Mode.CONSTANT ? value : 0, kind), x);
  }

  private static int amount(OnnxNode at, long pad) {
    if (pad < 0) {
      throw new UnsupportedNode("the negative pad " + pad, "pads of at least 0");
    }
    if (pad > Integer.MAX_VALUE) {
      throw at.malformed("has the pad " + pad);
    }
    return (int) pad;
  }
}
