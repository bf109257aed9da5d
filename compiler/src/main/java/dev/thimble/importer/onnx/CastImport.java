package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.op.Cast;
import dev.thimble.tensor.DType;

/** Changes of the element type. */
final class CastImport {
  private CastImport() {}

  /** Floats of 16 bits are float32 inside, so a cast to them changes nothing. */
  static void cast(OnnxNode at) {
    at.require(1, 1);
    at.attributes().ignore("saturate");
    int code = at.attributes().integer("to", 0);
    DType to =
        ElementTypes.of(code, at.model().narrow())
            .orElseThrow(() ->
                new UnsupportedNode(
                    "a cast to " + ElementTypes.name(code), ElementTypes.SUPPORTED));
    to(at, to);
  }

  /** Casts to the type of the second operand. */
  static void castLike(OnnxNode at) {
    at.require(2, 2);
    at.attributes().ignore("saturate");
    to(at, at.operand(1).elements());
  }

  private static void to(OnnxNode at, DType to) {
    if (at.operand(0) instanceof Operand.Empty empty) {
      at.set(0, new Operand.Empty(to, empty.dims()));
      return;
    }
    at.set(cast(at, at.name(), at.x(0), to));
  }

  /** The tensor with elements of this type. */
  static LaidOut cast(OnnxNode at, String name, LaidOut x, DType to) {
    return x.dtype() == to ? x : at.graph().pointwise(name, new Cast(), to, x);
  }
}
