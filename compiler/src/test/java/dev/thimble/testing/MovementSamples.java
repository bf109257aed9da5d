package dev.thimble.testing;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.lite.schema.ArgMaxOptionsT;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.ConcatenationOptionsT;
import org.tensorflow.lite.schema.CumsumOptionsT;
import org.tensorflow.lite.schema.DepthToSpaceOptionsT;
import org.tensorflow.lite.schema.GatherOptionsT;
import org.tensorflow.lite.schema.MirrorPadMode;
import org.tensorflow.lite.schema.MirrorPadOptionsT;
import org.tensorflow.lite.schema.OneHotOptionsT;
import org.tensorflow.lite.schema.PackOptionsT;
import org.tensorflow.lite.schema.ReducerOptionsT;
import org.tensorflow.lite.schema.ResizeBilinearOptionsT;
import org.tensorflow.lite.schema.ResizeNearestNeighborOptionsT;
import org.tensorflow.lite.schema.ReverseSequenceOptionsT;
import org.tensorflow.lite.schema.SpaceToDepthOptionsT;
import org.tensorflow.lite.schema.SplitOptionsT;
import org.tensorflow.lite.schema.StridedSliceOptionsT;
import org.tensorflow.lite.schema.TensorType;
import org.tensorflow.lite.schema.UnpackOptionsT;

/** Models of each of TFLite's operators that move, index, order or reduce elements. */
final class MovementSamples {
  private final boolean floats;
  private final Map<Integer, TfliteWriter> models;

  private MovementSamples(boolean floats, Map<Integer, TfliteWriter> models) {
    this.floats = floats;
    this.models = models;
  }

  /** Adds the models by codes of {@link BuiltinOperator}. */
  static void put(boolean floats, Map<Integer, TfliteWriter> models) {
    MovementSamples samples = new MovementSamples(floats, models);
    samples.moves();
    samples.slices();
    samples.indices();
    samples.blocks();
    samples.orders();
    samples.reductions();
    samples.constants();
  }

  private void put(
      int builtin, TfliteWriter writer, byte kind, @Nullable Object options, String... inputs) {
    models.put(builtin, writer.operator(builtin, kind, options, List.of(inputs), List.of("out")));
  }

  private void put(int builtin, TfliteWriter writer, String... inputs) {
    put(builtin, writer, BuiltinOptions.NONE, null, inputs);
  }

  private TfliteWriter tensor(TfliteWriter writer, String name, int... shape) {
    return floats ? writer.float32(name, shape) : writer.int8(name, 0.5f, 3, shape);
  }

  /** An input [1,4,4,2] and an output of this shape, without an operator. */
  private TfliteWriter map(int... output) {
    TfliteWriter writer = tensor(new TfliteWriter(), "in", 1, 4, 4, 2).input("in");
    return tensor(writer, "out", output).output("out");
  }

  private static TfliteWriter ints(TfliteWriter writer, String name, int... values) {
    return writer.int32(name, values.length).data(name, values);
  }

  private static TfliteWriter number(TfliteWriter writer, String name, int value) {
    return writer.int32(name).data(name, new int[] {value});
  }

  private void moves() {
    put(
        BuiltinOperator.TRANSPOSE,
        ints(map(1, 2, 4, 4), "permutation", 0, 3, 1, 2),
        "in",
        "permutation");
    ConcatenationOptionsT concat = new ConcatenationOptionsT();
    concat.setAxis(-1);
    put(
        BuiltinOperator.CONCATENATION,
        map(1, 4, 4, 4),
        BuiltinOptions.ConcatenationOptions,
        concat,
        "in",
        "in");
    put(BuiltinOperator.TILE, ints(map(1, 8, 4, 6), "repeats", 1, 2, 1, 3), "in", "repeats");
    put(BuiltinOperator.BROADCAST_TO, ints(map(3, 4, 4, 2), "shape", 3, 4, 4, 2), "in", "shape");
    MirrorPadOptionsT mirror = new MirrorPadOptionsT();
    mirror.setMode(MirrorPadMode.REFLECT);
    put(
        BuiltinOperator.MIRROR_PAD,
        map(1, 6, 7, 2)
            .int32("paddings", 4, 2)
            .data("paddings", new int[] {0, 0, 1, 1, 2, 1, 0, 0}),
        BuiltinOptions.MirrorPadOptions,
        mirror,
        "in",
        "paddings");
  }

  private void slices() {
    put(
        BuiltinOperator.SLICE,
        ints(ints(map(1, 2, 3, 2), "begin", 0, 1, 1, 0), "size", 1, 2, -1, 2),
        "in",
        "begin",
        "size");
    StridedSliceOptionsT strided = new StridedSliceOptionsT();
    strided.setShrinkAxisMask(1);
    strided.setEndMask(4);
    put(
        BuiltinOperator.STRIDED_SLICE,
        ints(
            ints(ints(map(2, 3, 2), "begin", 0, 3, 1, 0), "end", 1, -4, 0, 2),
            "strides",
            1,
            -2,
            1,
            1),
        BuiltinOptions.StridedSliceOptions,
        strided,
        "in",
        "begin",
        "end",
        "strides");
    SplitOptionsT split = new SplitOptionsT();
    split.setNumSplits(2);
    models.put(
        BuiltinOperator.SPLIT,
        tensor(number(map(1, 2, 4, 2), "axis", 1), "other", 1, 2, 4, 2)
            .output("other")
            .operator(
                BuiltinOperator.SPLIT,
                BuiltinOptions.SplitOptions,
                split,
                List.of("axis", "in"),
                List.of("out", "other")));
    models.put(
        BuiltinOperator.SPLIT_V,
        tensor(ints(number(map(1, 4, 1, 2), "axis", 2), "sizes", 1, -1), "other", 1, 4, 3, 2)
            .output("other")
            .operator(
                BuiltinOperator.SPLIT_V, List.of("in", "sizes", "axis"), List.of("out", "other")));
    UnpackOptionsT unpack = new UnpackOptionsT();
    unpack.setAxis(3);
    unpack.setNum(2);
    models.put(
        BuiltinOperator.UNPACK,
        tensor(map(1, 4, 4), "other", 1, 4, 4)
            .output("other")
            .operator(
                BuiltinOperator.UNPACK,
                BuiltinOptions.UnpackOptions,
                unpack,
                List.of("in"),
                List.of("out", "other")));
    PackOptionsT pack = new PackOptionsT();
    pack.setAxis(1);
    pack.setValuesCount(2);
    put(BuiltinOperator.PACK, map(1, 2, 4, 4, 2), BuiltinOptions.PackOptions, pack, "in", "in");
  }

  private void indices() {
    GatherOptionsT gather = new GatherOptionsT();
    gather.setAxis(2);
    put(
        BuiltinOperator.GATHER,
        ints(map(1, 4, 3, 2), "indices", 3, 0, 3),
        BuiltinOptions.GatherOptions,
        gather,
        "in",
        "indices");
    put(
        BuiltinOperator.GATHER_ND,
        map(3, 4, 2).int32("indices", 3, 2).data("indices", new int[] {0, 3, 0, 1, 0, 0}),
        "in",
        "indices");
    put(BuiltinOperator.EMBEDDING_LOOKUP, ints(map(2, 4, 4, 2), "indices", 0, 0), "indices", "in");
    OneHotOptionsT oneHot = new OneHotOptionsT();
    oneHot.setAxis(-1);
    TfliteWriter hot = new TfliteWriter().int32("in", 2, 3).input("in");
    tensor(tensor(tensor(hot, "out", 2, 3, 4).output("out"), "on"), "off");
    if (floats) {
      hot.data("on", new float[] {1}).data("off", new float[] {-1});
    } else {
      hot.data("on", new byte[] {5}).data("off", new byte[] {3});
    }
    put(
        BuiltinOperator.ONE_HOT,
        number(hot, "depth", 4),
        BuiltinOptions.OneHotOptions,
        oneHot,
        "in",
        "depth",
        "on",
        "off");
    byte type = floats ? TensorType.FLOAT32 : TensorType.INT32;
    put(
        BuiltinOperator.SCATTER_ND,
        ints(
            new TfliteWriter()
                .int32("indices", 3, 1)
                .data("indices", new int[] {1, 3, 1})
                .tensor("in", type, 3, 2)
                .input("in")
                .tensor("out", type, 5, 2)
                .output("out"),
            "shape",
            5,
            2),
        "indices",
        "in",
        "shape");
  }

  private void blocks() {
    DepthToSpaceOptionsT depth = new DepthToSpaceOptionsT();
    depth.setBlockSize(2);
    TfliteWriter deep = tensor(new TfliteWriter(), "in", 1, 2, 2, 8).input("in");
    put(
        BuiltinOperator.DEPTH_TO_SPACE,
        tensor(deep, "out", 1, 4, 4, 2).output("out"),
        BuiltinOptions.DepthToSpaceOptions,
        depth,
        "in");
    SpaceToDepthOptionsT space = new SpaceToDepthOptionsT();
    space.setBlockSize(2);
    put(
        BuiltinOperator.SPACE_TO_DEPTH,
        map(1, 2, 2, 8),
        BuiltinOptions.SpaceToDepthOptions,
        space,
        "in");
    put(
        BuiltinOperator.SPACE_TO_BATCH_ND,
        ints(map(4, 3, 2, 2), "block", 2, 2)
            .int32("paddings", 2, 2)
            .data("paddings", new int[] {1, 1, 0, 0}),
        "in",
        "block",
        "paddings");
    TfliteWriter batches = tensor(new TfliteWriter(), "in", 4, 3, 2, 2).input("in");
    put(
        BuiltinOperator.BATCH_TO_SPACE_ND,
        ints(tensor(batches, "out", 1, 4, 4, 2).output("out"), "block", 2, 2)
            .int32("crops", 2, 2)
            .data("crops", new int[] {1, 1, 0, 0}),
        "in",
        "block",
        "crops");
    ResizeBilinearOptionsT bilinear = new ResizeBilinearOptionsT();
    bilinear.setHalfPixelCenters(true);
    put(
        BuiltinOperator.RESIZE_BILINEAR,
        ints(map(1, 7, 3, 2), "size", 7, 3),
        BuiltinOptions.ResizeBilinearOptions,
        bilinear,
        "in",
        "size");
    ResizeNearestNeighborOptionsT nearest = new ResizeNearestNeighborOptionsT();
    nearest.setAlignCorners(true);
    put(
        BuiltinOperator.RESIZE_NEAREST_NEIGHBOR,
        ints(map(1, 8, 5, 2), "size", 8, 5),
        BuiltinOptions.ResizeNearestNeighborOptions,
        nearest,
        "in",
        "size");
  }

  private void orders() {
    put(BuiltinOperator.REVERSE_V2, ints(map(1, 4, 4, 2), "axes", 1, -1), "in", "axes");
    ReverseSequenceOptionsT sequence = new ReverseSequenceOptionsT();
    sequence.setSeqDim(2);
    sequence.setBatchDim(1);
    put(
        BuiltinOperator.REVERSE_SEQUENCE,
        ints(map(1, 4, 4, 2), "lengths", 1, 4, 0, 3),
        BuiltinOptions.ReverseSequenceOptions,
        sequence,
        "in",
        "lengths");
    models.put(
        BuiltinOperator.TOPK_V2,
        number(map(1, 4, 4, 1), "k", 1)
            .int32("indices", 1, 4, 4, 1)
            .output("indices")
            .operator(BuiltinOperator.TOPK_V2, List.of("in", "k"), List.of("out", "indices")));
    for (int builtin : List.of(BuiltinOperator.ARG_MAX, BuiltinOperator.ARG_MIN)) {
      TfliteWriter writer = tensor(new TfliteWriter(), "in", 1, 4, 4, 2).input("in");
      // Both operators have options of one layout; ARG_MIN's kind has another number.
      models.put(
          builtin,
          number(writer.int32("out", 1, 4, 2).output("out"), "axis", 1)
              .operator(
                  builtin,
                  builtin == BuiltinOperator.ARG_MAX
                      ? BuiltinOptions.ArgMaxOptions
                      : BuiltinOptions.NONE,
                  builtin == BuiltinOperator.ARG_MAX ? new ArgMaxOptionsT() : null,
                  List.of("in", "axis"),
                  List.of("out")));
    }
    CumsumOptionsT cumsum = new CumsumOptionsT();
    cumsum.setReverse(true);
    put(
        BuiltinOperator.CUMSUM,
        number(map(1, 4, 4, 2), "axis", 1),
        BuiltinOptions.CumsumOptions,
        cumsum,
        "in",
        "axis");
  }

  private void reductions() {
    for (int builtin :
        List.of(BuiltinOperator.SUM, BuiltinOperator.REDUCE_MAX, BuiltinOperator.REDUCE_MIN)) {
      reduction(builtin, map(1, 4));
    }
    byte type = floats ? TensorType.FLOAT32 : TensorType.INT32;
    reduction(BuiltinOperator.REDUCE_PROD, of(type));
    reduction(BuiltinOperator.REDUCE_ANY, of(TensorType.BOOL));
    reduction(BuiltinOperator.REDUCE_ALL, of(TensorType.BOOL));
  }

  private static TfliteWriter of(byte type) {
    return new TfliteWriter()
        .tensor("in", type, 1, 4, 4, 2)
        .input("in")
        .tensor("out", type, 1, 4)
        .output("out");
  }

  private void reduction(int builtin, TfliteWriter writer) {
    put(
        builtin,
        ints(writer, "axes", 1, -1),
        BuiltinOptions.ReducerOptions,
        new ReducerOptionsT(),
        "in",
        "axes");
  }

  /** What depends on constants and shapes alone; the input is there since models have one. */
  private void constants() {
    put(BuiltinOperator.ZEROS_LIKE, map(1, 4, 4, 2), "in");
    TfliteWriter fill = tensor(new TfliteWriter(), "in").input("in");
    put(
        BuiltinOperator.FILL,
        ints(tensor(fill, "out", 2, 3).output("out"), "dims", 2, 3),
        "dims",
        "in");
    TfliteWriter shape = tensor(new TfliteWriter(), "in", 1, 4, 4, 2).input("in");
    put(BuiltinOperator.SHAPE, shape.int32("out", 4).output("out"), "in");
    TfliteWriter range = tensor(new TfliteWriter(), "in", 1).input("in");
    number(number(number(range.int32("out", 3).output("out"), "start", 5), "limit", -1), "by", -2);
    put(BuiltinOperator.RANGE, range, "start", "limit", "by");
  }
}
