package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.Order;
import dev.thimble.op.CumulativeSum;
import dev.thimble.op.DepthToSpace;
import dev.thimble.op.Op;
import dev.thimble.op.SpaceToDepth;
import dev.thimble.op.Triangle;
import java.util.List;

/** Operators on blocks of maps, on matrices' triangles, and sums along axes. */
final class GridImport {
  private GridImport() {}

  static void depthToSpace(OnnxNode at) {
    String mode = at.attributes().text("mode", "DCR");
    DepthToSpace.Mode kind =
        switch (mode) {
          case "DCR" -> DepthToSpace.Mode.DCR;
          case "CRD" -> DepthToSpace.Mode.CRD;
          default -> throw at.malformed("has mode " + Source.quoted(mode));
        };
    blocks(at, new DepthToSpace(at.attributes().integer("blocksize", 0), kind));
  }

  static void spaceToDepth(OnnxNode at) {
    blocks(at, new SpaceToDepth(at.attributes().integer("blocksize", 0)));
  }

  private static void blocks(OnnxNode at, Op op) {
    at.require(1, 1);
    if (at.x(0).rank() != 4) {
      throw at.malformed("takes a map, is given " + at.describe());
    }
    at.along(op, at.graph().moved(at.x(0), Order.channelsLast(4)));
  }

  static void trilu(OnnxNode at) {
    at.require(1, 2);
    if (at.operand(0) instanceof Operand.Empty) {
      at.set(0, at.operand(0));
      return;
    }
    boolean upper = at.attributes().flag("upper", true);
    long diagonal = at.has(1) ? at.integers(1, "k").getFirst() : 0;
    int within = Math.clamp(diagonal, -(1 << 30), 1 << 30);
    at.along(new Triangle(upper, within), at.graph().plain(at.x(0)));
  }

  static void cumSum(OnnxNode at) {
    at.require(2, 2);
    LaidOut x = at.x(0);
    List<Long> axes = at.integers(1, "axis");
    if (axes.size() != 1) {
      throw at.malformed("has axes " + axes);
    }
    boolean exclusive = at.attributes().flag("exclusive", false);
    boolean reverse = at.attributes().flag("reverse", false);
    int axis = x.axis(at.axis(axes.getFirst(), x.rank()));
    at.along(new CumulativeSum(axis, exclusive, reverse), x);
  }
}
