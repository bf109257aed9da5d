package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A tensor resampled along some of its axes. Each entry of an output axis has a coordinate on the
 * input's, by {@code coordinates}; its value is that of the nearest entry, or a mean of those
 * around it, weighted along each axis by itself. Source: ONNX Resize and Upsample; TFLite
 * RESIZE_NEAREST_NEIGHBOR and RESIZE_BILINEAR, quantised by rule Q52 of quantization.md.
 *
 * @param extents the output's, of each axis
 * @param scales of each axis, output by input, as the file states it or else the quotient of the
 *     extents; the TFLite coordinates do not read it
 * @param nearest how {@code NEAREST} rounds coordinates
 * @param cubic the coefficient of {@code CUBIC}, usually -0.75
 * @param excludeOutside whether entries outside of the input weigh nothing, rather than stand for
 *     the outermost
 * @param regions for {@code TF_CROP_AND_RESIZE} the start of each axis's region and then the end of
 *     each, as shares of the input; else empty
 * @param extrapolation what stands where such a region lies outside of the input, as a stored
 *     number
 */
public record Resize(
    Mode mode,
    Coordinates coordinates,
    Nearest nearest,
    List<Integer> extents,
    List<Double> scales,
    double cubic,
    boolean excludeOutside,
    List<Double> regions,
    double extrapolation)
    implements PositionalOp {
  /** How entries are combined. */
  public enum Mode {
    NEAREST,
    LINEAR,
    CUBIC
  }

  /** Where an entry of the output lies on the input's axis. */
  public enum Coordinates {
    HALF_PIXEL,
    HALF_PIXEL_SYMMETRIC,
    PYTORCH_HALF_PIXEL,
    ALIGN_CORNERS,
    ASYMMETRIC,
    TF_HALF_PIXEL_FOR_NN,
    TF_CROP_AND_RESIZE,
    /** TFLite's default, in its float32 arithmetic. */
    LITE,
    /** TFLite's align_corners. */
    LITE_ALIGN_CORNERS,
    /** TFLite's half_pixel_centers. */
    LITE_HALF_PIXEL;

    /** Whether this is one of TFLite's. */
    public boolean isLite() {
      return this == LITE || this == LITE_ALIGN_CORNERS || this == LITE_HALF_PIXEL;
    }
  }

  /** How a coordinate becomes that of an entry. */
  public enum Nearest {
    ROUND_PREFER_FLOOR,
    ROUND_PREFER_CEIL,
    FLOOR,
    CEIL
  }

  public Resize {
    extents = List.copyOf(extents);
    scales = List.copyOf(scales);
    regions = List.copyOf(regions);
    Checks.require(
        extents.size() == scales.size(), "extents and scales must list the same number of axes");
    Checks.require(extents.stream().allMatch(n -> n > 0), "extents must be > 0, were " + extents);
    Checks.require(
        scales.stream().allMatch(n -> n > 0 && Double.isFinite(n)),
        "scales must be > 0 and finite, were " + scales);
    Checks.require(Double.isFinite(cubic), "the cubic coefficient must be finite");
    Checks.require(!Double.isNaN(extrapolation), "the extrapolation value is not a number");
    boolean cropped = coordinates == Coordinates.TF_CROP_AND_RESIZE;
    Checks.require(
        regions.size() == (cropped ? 2 * extents.size() : 0)
            && regions.stream().allMatch(Double::isFinite),
        "regions must list a start and an end of each axis, were " + regions);
    Checks.require(
        !coordinates.isLite() || mode != Mode.CUBIC, "these coordinates have no cubic mode");
  }

  /** TFLite's resizing of the rows and columns of maps. */
  public static Resize lite(Mode mode, Coordinates coordinates, Shape input, Shape output) {
    List<Double> scales =
        IntStream.range(0, input.rank())
            .mapToObj(axis -> (double) output.dim(axis) / input.dim(axis))
            .toList();
    Nearest nearest =
        coordinates == Coordinates.LITE_ALIGN_CORNERS ? Nearest.ROUND_PREFER_CEIL : Nearest.FLOOR;
    List<Integer> extents = IntStream.of(output.dims()).boxed().toList();
    return new Resize(mode, coordinates, nearest, extents, scales, -0.75, false, List.of(), 0);
  }

  @Override
  public String kind() {
    return "resize_" + mode.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Checks.rank("input", inputs.get(0), extents.size());
    return Shape.of(extents.stream().mapToInt(Integer::intValue).toArray());
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    TensorType input = inputs.get(0);
    Checks.moved(input, output);
    Checks.storable(extrapolation, output);
    if (mode == Mode.NEAREST || input.isFloat()) {
      return;
    }
    Shape shape = input.shape();
    Checks.require(
        input.dtype() == DType.INT8
            && input.isQuantized()
            && mode == Mode.LINEAR
            && coordinates.isLite()
            && shape.rank() == 4
            && shape.dim(0) == output.shape().dim(0)
            && shape.dim(3) == output.shape().dim(3),
        kind()
            + " takes float32, or maps of quantised int8 with the coordinates of TFLite, is given "
            + input);
    ResizeFractions.of(this, input.shape(), 1);
    ResizeFractions.of(this, input.shape(), 2);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return ResizeEvaluation.evaluate(this, inputs.get(0), output, rounding);
  }
}
