package dev.thimble.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Results computed by hand of the ops that treat elements by where they stand. */
class MovementTest {
  /** int32 elements 0, 1, 2 and so on. */
  private static Tensor counting(int... dims) {
    TensorType type = TensorType.of(DType.INT32, Shape.of(dims));
    return Tensor.ofInts(type, IntStream.range(0, type.elements()).toArray());
  }

  private static Tensor ints(int... values) {
    return Tensor.ofInts(TensorType.of(DType.INT32, Shape.of(values.length)), values);
  }

  private static Tensor floats(float... values) {
    return Tensor.ofFloats(TensorType.float32(values.length), values);
  }

  /** The result, of the first input's element type. */
  private static Tensor run(SingleOutputOp op, Tensor... inputs) {
    return run(op, inputs[0].type(), inputs);
  }

  private static Tensor run(SingleOutputOp op, TensorType like, Tensor... inputs) {
    List<TensorType> types = List.of(inputs).stream().map(Tensor::type).toList();
    TensorType output = like.withShape(op.outputShape(types));
    op.check(types, List.of(output));
    return op.evaluate(List.of(inputs), output, Rounding.DOUBLE);
  }

  @Test
  void axesAreExchanged() {
    Tensor turned = run(new Transpose(List.of(1, 0)), counting(2, 3));
    assertThat(turned.shape()).isEqualTo(Shape.of(3, 2));
    assertThat(turned.ints()).containsExactly(0, 3, 1, 4, 2, 5);
  }

  @Test
  void tensorsAreJoinedAlongAnAxis() {
    Tensor joined = run(new Concat(1), counting(2, 2), counting(2, 1));
    assertThat(joined.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(joined.ints()).containsExactly(0, 1, 0, 2, 3, 1);
  }

  @Test
  void stepsOfASliceMayGoBackwards() {
    Tensor part = run(new Slice(List.of(1, 3), List.of(2, 2), List.of(-1, -2)), counting(2, 4));
    assertThat(part.ints()).containsExactly(7, 5, 3, 1);
  }

  @Test
  void tensorsAreRepeated() {
    assertThat(run(new Tile(List.of(2, 2)), counting(1, 2)).ints())
        .containsExactly(0, 1, 0, 1, 0, 1, 0, 1);
    assertThat(run(new Expand(Shape.of(2, 2, 2)), counting(2, 1)).ints())
        .containsExactly(0, 0, 1, 1, 0, 0, 1, 1);
  }

  @Test
  void indicesBelowZeroCountFromTheEndAndOthersStopAtTheEnds() {
    assertThat(run(new Gather(0), counting(3, 2), ints(-1, 0, 7)).ints())
        .containsExactly(4, 5, 0, 1, 4, 5);
    Tensor batched =
        run(
            new Gather(1, 1),
            counting(2, 3),
            Tensor.ofInts(TensorType.of(DType.INT32, Shape.of(2, 1)), 2, 0));
    assertThat(batched.ints()).containsExactly(2, 3);
  }

  @Test
  void vectorsOfIndicesNameSlices() {
    Tensor vectors = Tensor.ofInts(TensorType.of(DType.INT32, Shape.of(2, 2)), 1, 0, 0, 1);
    assertThat(run(new GatherNd(0), counting(2, 2, 2), vectors).ints()).containsExactly(4, 5, 2, 3);
    assertThat(run(new GatherElements(1), counting(2, 2), vectors.as(vectors.type())).ints())
        .containsExactly(1, 0, 2, 3);
  }

  @Test
  void updatesReplaceOrAddAndThoseOutsideAreLeftOut() {
    Tensor places = Tensor.ofInts(TensorType.of(DType.INT32, Shape.of(3, 1)), 1, 1, 9);
    assertThat(run(new ScatterNd(ScatterReduction.NONE), counting(3), places, ints(7, 8, 9)).ints())
        .containsExactly(0, 8, 2);
    assertThat(run(new ScatterNd(ScatterReduction.ADD), counting(3), places, ints(7, 8, 9)).ints())
        .containsExactly(0, 16, 2);
    assertThat(
            run(new ScatterElements(0, ScatterReduction.MAX), counting(3), ints(-1, 0), ints(1, 5))
                .ints())
        .containsExactly(5, 1, 2);
  }

  @Test
  void oneElementIsOn() {
    Tensor values = ints(0, 1);
    OneHot counted = new OneHot(1, 3, true);
    assertThat(run(counted, values.type(), ints(1, -1), values).ints())
        .containsExactly(0, 1, 0, 0, 0, 1);
    OneHot plain = new OneHot(0, 3, false);
    assertThat(run(plain, values.type(), ints(1, -1), values).ints())
        .containsExactly(0, 0, 1, 0, 0, 0);
  }

  @Test
  void blocksOfPixelsAndChannelsAreExchanged() {
    Tensor deep = counting(1, 1, 1, 8);
    assertThat(run(new DepthToSpace(2, DepthToSpace.Mode.DCR), deep).ints())
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(run(new DepthToSpace(2, DepthToSpace.Mode.CRD), deep).ints())
        .containsExactly(0, 4, 1, 5, 2, 6, 3, 7);
    assertThat(run(new SpaceToDepth(2), counting(1, 2, 4, 1)).ints())
        .containsExactly(0, 1, 4, 5, 2, 3, 6, 7);
  }

  @Test
  void blocksOfPixelsAndBatchesAreExchanged() {
    SpaceToBatch op = new SpaceToBatch(List.of(2), List.of(1), List.of(0), 9);
    assertThat(run(op, counting(1, 3, 1)).ints()).containsExactly(9, 1, 0, 2);
    BatchToSpace back = new BatchToSpace(List.of(2), List.of(1), List.of(0));
    assertThat(run(back, run(op, counting(1, 3, 1))).ints()).containsExactly(0, 1, 2);
  }

  @Test
  void entriesAreReversedWhollyOrByTheirLength() {
    assertThat(run(new Reverse(List.of(1)), counting(2, 3)).ints())
        .containsExactly(2, 1, 0, 5, 4, 3);
    assertThat(run(new ReverseSequence(1, 0), counting(2, 3), ints(2, 9)).ints())
        .containsExactly(1, 0, 2, 5, 4, 3);
  }

  @Test
  void bordersHoldWhatTheirModeSays() {
    List<Integer> two = List.of(2);
    assertThat(pad(Pad.Mode.REFLECT)).containsExactly(2, 1, 0, 1, 2, 1, 0);
    assertThat(pad(Pad.Mode.SYMMETRIC)).containsExactly(1, 0, 0, 1, 2, 2, 1);
    assertThat(pad(Pad.Mode.EDGE)).containsExactly(0, 0, 0, 1, 2, 2, 2);
    assertThat(pad(Pad.Mode.WRAP)).containsExactly(1, 2, 0, 1, 2, 0, 1);
    assertThat(run(new Pad(two, two, -5), counting(1)).ints()).containsExactly(-5, -5, 0, -5, -5);
  }

  private static int[] pad(Pad.Mode mode) {
    return run(new Pad(List.of(2), List.of(2), 0, mode), counting(3)).ints();
  }

  @Test
  void orderIsByValueAndThenByIndex() {
    Tensor data = floats(1, 3, Float.NaN, 3, 2);
    TopK values = new TopK(TopK.Result.VALUES, 0, 3, true);
    assertThat(run(values, data).floats()).containsExactly(3, 3, 2);
    TopK indices = new TopK(TopK.Result.INDICES, 0, 5, true);
    TensorType wide = TensorType.of(DType.INT64, Shape.of(5));
    assertThat(run(indices, wide, data).longs()).containsExactly(1, 3, 4, 0, 2);
    ArgReduce last = new ArgReduce(ArgReduce.Function.MAX, 0, true, true);
    assertThat(run(last, wide, data).longs()).containsExactly(3);
    ArgReduce least = new ArgReduce(ArgReduce.Function.MIN, 0, false, false);
    assertThat(run(least, wide, data).longs()).containsExactly(0);
  }

  @Test
  void sumsGrowAlongAnAxis() {
    assertThat(run(new CumulativeSum(0, false, false), ints(1, 2, 3)).ints())
        .containsExactly(1, 3, 6);
    assertThat(run(new CumulativeSum(0, true, true), ints(1, 2, 3)).ints())
        .containsExactly(5, 3, 0);
  }

  /** The reference begins with minus the zero point in place of 0. */
  @Test
  void quantisedSumsGrowAsTheReferenceHasThem() {
    TensorType type = TensorType.int8(0.5f, 4, 3);
    assertThat(run(new CumulativeSum(0, false, false), Tensor.ofInts(type, 5, 6, 7)).ints())
        .containsExactly(1, 3, 6);
  }

  @Test
  void oneTriangleIsKept() {
    assertThat(run(new Triangle(true, 0), counting(3, 3)).ints())
        .containsExactly(0, 1, 2, 0, 4, 5, 0, 0, 8);
    assertThat(run(new Triangle(false, -1), counting(3, 3)).ints())
        .containsExactly(0, 0, 0, 3, 0, 0, 6, 7, 0);
  }

  @Test
  void reductionsOfFloats() {
    Tensor data = floats(1, -2, 4);
    assertThat(reduced(Reduce.Function.SUM, data)).isEqualTo(3);
    assertThat(reduced(Reduce.Function.MAX, data)).isEqualTo(4);
    assertThat(reduced(Reduce.Function.MIN, data)).isEqualTo(-2);
    assertThat(reduced(Reduce.Function.PROD, data)).isEqualTo(-8);
    assertThat(reduced(Reduce.Function.L1, data)).isEqualTo(7);
    assertThat(reduced(Reduce.Function.SUM_SQUARE, data)).isEqualTo(21);
    assertThat(reduced(Reduce.Function.L2, data)).isEqualTo((float) Math.sqrt(21));
    assertThat(reduced(Reduce.Function.LOG_SUM, data)).isEqualTo((float) Math.log(3));
    assertThat(reduced(Reduce.Function.LOG_SUM_EXP, floats(1000, 1000)))
        .isCloseTo((float) (1000 + Math.log(2)), within(1e-4f));
    assertThat(reduced(Reduce.Function.MAX, floats(1, Float.NaN, 2))).isNaN();
  }

  private static float reduced(Reduce.Function function, Tensor data) {
    return run(new Reduce(function, List.of(0), true), data).floats()[0];
  }

  @Test
  void reductionsOfIntegersWrapAndMeansAreCutOff() {
    Tensor bytes = Tensor.ofInts(TensorType.of(DType.UINT8, Shape.of(3)), 200, 100, 3);
    assertThat(run(new Reduce(Reduce.Function.SUM, List.of(0), true), bytes).ints())
        .containsExactly(303 - 256);
    assertThat(run(new Reduce(Reduce.Function.MEAN, List.of(0), true), ints(-3, -4)).ints())
        .containsExactly(-3);
    Tensor flags = Tensor.ofInts(TensorType.of(DType.BOOL, Shape.of(2)), 0, 1);
    assertThat(run(new Reduce(Reduce.Function.ANY, List.of(0), true), flags).ints())
        .containsExactly(1);
    assertThat(run(new Reduce(Reduce.Function.ALL, List.of(0), true), flags).ints())
        .containsExactly(0);
  }

  @Test
  void quantisedSumsAreRequantised() {
    Tensor data = Tensor.ofInts(TensorType.int8(0.5f, 10, 3), 12, 14, 16);
    Reduce sum = new Reduce(Reduce.Function.SUM, List.of(0), true);
    assertThat(run(sum, TensorType.int8(1, -3, 1), data).ints()).containsExactly(3);
    Tensor wide =
        Tensor.ofInts(
            new TensorType(DType.INT16, Shape.of(2), new QuantParams.PerTensor(1, 0)), 30000, 3);
    assertThat(run(sum, wide).ints()).containsExactly(30003);
    Reduce mean = new Reduce(Reduce.Function.MEAN, List.of(0), true);
    assertThat(run(mean, wide).ints()).containsExactly(15002);
  }

  private static Resize resize(Resize.Mode mode, Resize.Coordinates how, int from, int to) {
    return new Resize(
        mode,
        how,
        Resize.Nearest.ROUND_PREFER_FLOOR,
        List.of(to),
        List.of(to / (double) from),
        -0.75,
        false,
        List.of(),
        0);
  }

  @Test
  void theNearestEntryIsTaken() {
    Resize op = resize(Resize.Mode.NEAREST, Resize.Coordinates.HALF_PIXEL, 3, 6);
    assertThat(run(op, floats(1, 2, 3)).floats()).containsExactly(1, 1, 2, 2, 3, 3);
    Resize down = resize(Resize.Mode.NEAREST, Resize.Coordinates.ASYMMETRIC, 4, 2);
    assertThat(run(down, floats(1, 2, 3, 4)).floats()).containsExactly(1, 3);
  }

  @Test
  void entriesAreWeightedByTheirDistance() {
    Resize half = resize(Resize.Mode.LINEAR, Resize.Coordinates.HALF_PIXEL, 2, 4);
    assertThat(run(half, floats(1, 2)).floats()).containsExactly(1, 1.25f, 1.75f, 2);
    Resize corners = resize(Resize.Mode.LINEAR, Resize.Coordinates.ALIGN_CORNERS, 2, 3);
    assertThat(run(corners, floats(1, 2)).floats()).containsExactly(1, 1.5f, 2);
    // Weights at a quarter: -0.10546875, 0.87890625, 0.26171875, -0.03515625.
    Resize cubic = resize(Resize.Mode.CUBIC, Resize.Coordinates.ASYMMETRIC, 4, 16);
    assertThat(run(cubic, floats(1, 2, 4, 8)).floats()[5])
        .isEqualTo(-0.10546875f + 1.7578125f + 1.046875f - 0.28125f);
  }

  @Test
  void regionsOutsideAreExtrapolated() {
    Resize op =
        new Resize(
            Resize.Mode.LINEAR,
            Resize.Coordinates.TF_CROP_AND_RESIZE,
            Resize.Nearest.FLOOR,
            List.of(3),
            List.of(1.0),
            -0.75,
            false,
            List.of(0.5, 1.5),
            9);
    assertThat(run(op, floats(1, 2, 3)).floats()).containsExactly(2, 3, 9);
  }

  @Test
  void quantisedMapsAreResizedInUnitsOfATenthPowerOfTwo() {
    TensorType map = TensorType.int8(1, 0, 1, 1, 2, 1);
    Resize op =
        Resize.lite(Resize.Mode.LINEAR, Resize.Coordinates.LITE, map.shape(), Shape.of(1, 1, 4, 1));
    assertThat(run(op, Tensor.ofInts(map, -3, 2)).ints()).containsExactly(-3, -1, 2, 2);
    assertThat(
            op.evaluate(
                    List.of(Tensor.ofInts(map, -3, 2)),
                    map.withShape(Shape.of(1, 1, 4, 1)),
                    Rounding.SINGLE)
                .ints())
        .containsExactly(-3, 0, 2, 2);
  }

  @Test
  void whatCannotBeMovedIsRefused() {
    refused(() -> run(new Transpose(List.of(1)), counting(2)), "every axis once, was [1]");
    refused(() -> run(new Concat(0), counting(2, 2), counting(2, 3)), "differ in more than axis 0");
    refused(
        () -> run(new Concat(0), TensorType.int8(1, 0, 1), int8(1), int8(2)),
        "keeps its input's type and quantisation");
    refused(
        () -> run(new Slice(List.of(1), List.of(2), List.of(1)), counting(2)),
        "entries from 1 to 2 of axis 0 leave [2]");
    refused(
        () -> run(new Pad(List.of(2), List.of(0), 0, Pad.Mode.REFLECT), counting(2)),
        "has no entries for a longer border than 1");
    refused(
        () -> run(new Reduce(Reduce.Function.LOG_SUM, List.of(0), true), counting(2)),
        "reduce_log_sum does not take int32[2]");
    refused(
        () -> run(new Reduce(Reduce.Function.PROD, List.of(0), true), int8(1)),
        "reduce_prod takes float32 and integers that stand for themselves");
    refused(
        () -> run(new ScatterNd(ScatterReduction.ADD), int8(1), matrix(), int8(1)),
        "ADD takes float32 and integers that stand for themselves");
    refused(
        () -> run(resize(Resize.Mode.LINEAR, Resize.Coordinates.HALF_PIXEL, 2, 4), counting(2)),
        "resize_linear takes float32, or maps of quantised int8");
    TensorType line = TensorType.int8(1, 0, 40);
    refused(
        () -> run(new CumulativeSum(0, false, false), Tensor.filled(line, 0)),
        "sums of 40 elements do not fit an int32");
  }

  private static Tensor int8(float scale) {
    return Tensor.ofInts(TensorType.int8(scale, 0, 1), 1);
  }

  private static Tensor matrix() {
    return Tensor.ofInts(TensorType.of(DType.INT32, Shape.of(1, 1)), 0);
  }

  private static void refused(ThrowingCallable call, String words) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }
}
