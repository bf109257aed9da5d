package dev.thimble.exporter;

import dev.thimble.op.ArgReduce;
import dev.thimble.op.Concat;
import dev.thimble.op.Expand;
import dev.thimble.op.Pad;
import dev.thimble.op.Reshape;
import dev.thimble.op.Resize;
import dev.thimble.op.Slice;
import dev.thimble.op.Tile;
import dev.thimble.op.Transpose;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.lite.schema.ArgMaxOptionsT;
import org.tensorflow.lite.schema.ArgMinOptionsT;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.ConcatenationOptionsT;
import org.tensorflow.lite.schema.MirrorPadMode;
import org.tensorflow.lite.schema.MirrorPadOptionsT;
import org.tensorflow.lite.schema.PadOptionsT;
import org.tensorflow.lite.schema.PadV2OptionsT;
import org.tensorflow.lite.schema.ReshapeOptionsT;
import org.tensorflow.lite.schema.ResizeBilinearOptionsT;
import org.tensorflow.lite.schema.ResizeNearestNeighborOptionsT;
import org.tensorflow.lite.schema.SliceOptionsT;
import org.tensorflow.lite.schema.StridedSliceOptionsT;
import org.tensorflow.lite.schema.TileOptionsT;
import org.tensorflow.lite.schema.TransposeOptionsT;

/** The operators that move elements. */
final class MoveExport {
  private MoveExport() {}

  private static List<Integer> dims(Shape shape) {
    return IntStream.of(shape.dims()).boxed().toList();
  }

  static void reshape(Operator at, Reshape op) {
    ReshapeOptionsT options = new ReshapeOptionsT();
    options.setNewShape(op.shape().dims().clone());
    at.write(
        BuiltinOperator.RESHAPE,
        1,
        BuiltinOptions.ReshapeOptions,
        options,
        at.input(0),
        at.to().integers(at.name("/shape"), dims(op.shape())));
  }

  static void pad(Operator at, Pad op) {
    List<Integer> widths = new ArrayList<>();
    for (int axis = 0; axis < op.before().size(); axis++) {
      widths.add(op.before().get(axis));
      widths.add(op.after().get(axis));
    }
    int paddings = at.to().integers(at.name("/paddings"), Shape.of(op.before().size(), 2), widths);
    switch (op.mode()) {
      case CONSTANT -> constantPad(at, op, paddings);
      case REFLECT, SYMMETRIC -> {
        MirrorPadOptionsT options = new MirrorPadOptionsT();
        boolean reflects = op.mode() == Pad.Mode.REFLECT;
        options.setMode(reflects ? MirrorPadMode.REFLECT : MirrorPadMode.SYMMETRIC);
        at.write(
            BuiltinOperator.MIRROR_PAD,
            at.version(1, 2, 3),
            BuiltinOptions.MirrorPadOptions,
            options,
            at.input(0),
            paddings);
      }
      case EDGE, WRAP -> throw new UnsupportedExport("a border of this kind");
    }
  }

  private static void constantPad(Operator at, Pad op, int paddings) {
    TensorType type = at.type();
    double zero = type.isQuantized() ? type.zeroPoint() : 0;
    if (op.value() == zero) {
      at.write(
          BuiltinOperator.PAD,
          at.version(1, 2, 4),
          BuiltinOptions.PadOptions,
          new PadOptionsT(),
          at.input(0),
          paddings);
      return;
    }
    TensorType one = type.withShape(Shape.of(1));
    Tensor border =
        type.isFloat()
            ? Tensor.ofFloats(one, (float) op.value())
            : Tensor.ofLongs(one, (long) op.value());
    at.write(
        BuiltinOperator.PADV2,
        at.version(1, 2, 4),
        BuiltinOptions.PadV2Options,
        new PadV2OptionsT(),
        at.input(0),
        paddings,
        at.to().file().constant(at.name("/border"), border));
  }

  static void concat(Operator at, Concat op) {
    ConcatenationOptionsT options = new ConcatenationOptionsT();
    options.setAxis(op.axis());
    at.write(
        BuiltinOperator.CONCATENATION,
        at.version(1, 2, 3),
        BuiltinOptions.ConcatenationOptions,
        options,
        at.inputs());
  }

  static void transpose(Operator at, Transpose op) {
    at.write(
        BuiltinOperator.TRANSPOSE,
        at.version(1, 2, 4),
        BuiltinOptions.TransposeOptions,
        new TransposeOptionsT(),
        at.input(0),
        at.to().integers(at.name("/permutation"), op.permutation()));
  }

  static void tile(Operator at, Tile op) {
    at.write(
        BuiltinOperator.TILE,
        at.version(1, 2, 3),
        BuiltinOptions.TileOptions,
        new TileOptionsT(),
        at.input(0),
        at.to().integers(at.name("/repeats"), op.repeats()));
  }

  static void expand(Operator at, Expand op) {
    at.write(
        BuiltinOperator.BROADCAST_TO,
        at.version(2, 3, 3),
        at.input(0),
        at.to().integers(at.name("/shape"), dims(op.shape())));
  }

  static void slice(Operator at, Slice op) {
    boolean whole = op.steps().stream().allMatch(step -> step == 1);
    int begin = at.to().integers(at.name("/begin"), op.begin());
    if (whole) {
      at.write(
          BuiltinOperator.SLICE,
          at.version(1, 2, 4),
          BuiltinOptions.SliceOptions,
          new SliceOptionsT(),
          at.input(0),
          begin,
          at.to().integers(at.name("/size"), op.extents()));
      return;
    }
    List<Integer> ends = new ArrayList<>();
    int open = 0;
    for (int axis = 0; axis < op.begin().size(); axis++) {
      int end = op.begin().get(axis) + op.extents().get(axis) * op.steps().get(axis);
      // An end before the first entry would count from the last one.
      open |= end < 0 ? 1 << axis : 0;
      ends.add(Math.max(end, 0));
    }
    StridedSliceOptionsT options = new StridedSliceOptionsT();
    options.setEndMask(open);
    at.write(
        BuiltinOperator.STRIDED_SLICE,
        at.version(1, 2, 4),
        BuiltinOptions.StridedSliceOptions,
        options,
        at.input(0),
        begin,
        at.to().integers(at.name("/end"), ends),
        at.to().integers(at.name("/steps"), op.steps()));
  }

  static void arg(Operator at, ArgReduce op) {
    DType type = at.outputType().dtype();
    if (op.keepAxis() || op.last() || (type != DType.INT32 && type != DType.INT64)) {
      throw new UnsupportedExport("an index with these attributes");
    }
    byte code =
        type == DType.INT32
            ? org.tensorflow.lite.schema.TensorType.INT32
            : org.tensorflow.lite.schema.TensorType.INT64;
    int axis = at.to().integers(at.name("/axis"), List.of(op.axis()));
    if (op.function() == ArgReduce.Function.MAX) {
      ArgMaxOptionsT options = new ArgMaxOptionsT();
      options.setOutputType(code);
      at.write(
          BuiltinOperator.ARG_MAX,
          at.version(1, 2, 2),
          BuiltinOptions.ArgMaxOptions,
          options,
          at.input(0),
          axis);
    } else {
      ArgMinOptionsT options = new ArgMinOptionsT();
      options.setOutputType(code);
      at.write(
          BuiltinOperator.ARG_MIN,
          at.version(1, 2, 2),
          BuiltinOptions.ArgMinOptions,
          options,
          at.input(0),
          axis);
    }
  }

  static void resize(Operator at, Resize given) {
    Resize op = ResizeForms.lite(given, at.type());
    boolean aligned = op.coordinates() == Resize.Coordinates.LITE_ALIGN_CORNERS;
    boolean centred = op.coordinates() == Resize.Coordinates.LITE_HALF_PIXEL;
    int size = at.to().integers(at.name("/size"), op.extents().subList(1, 3));
    if (op.mode() == Resize.Mode.NEAREST) {
      ResizeNearestNeighborOptionsT options = new ResizeNearestNeighborOptionsT();
      options.setAlignCorners(aligned);
      options.setHalfPixelCenters(centred);
      at.write(
          BuiltinOperator.RESIZE_NEAREST_NEIGHBOR,
          at.version(centred || aligned ? 3 : 1, centred || aligned ? 3 : 2, 4),
          BuiltinOptions.ResizeNearestNeighborOptions,
          options,
          at.input(0),
          size);
    } else {
      ResizeBilinearOptionsT options = new ResizeBilinearOptionsT();
      options.setAlignCorners(aligned);
      options.setHalfPixelCenters(centred);
      at.write(
          BuiltinOperator.RESIZE_BILINEAR,
          at.version(centred ? 3 : 1, centred ? 3 : 2, 4),
          BuiltinOptions.ResizeBilinearOptions,
          options,
          at.input(0),
          size);
    }
  }
}
