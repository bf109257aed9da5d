package dev.thimble.importer.tflite;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.lite.schema.QuantizationDetails;
import org.tensorflow.lite.schema.QuantizationParameters;
import org.tensorflow.lite.schema.Tensor;
import org.tensorflow.lite.schema.TensorType;

/** Reads the entries of tensors and checks every number in them that has a meaning of its own. */
final class TensorReader {
  private static final int MAX_AXES = 8;
  private static final int MAX_ELEMENTS = 1 << 28;

  private final ReadGuard guard;

  TensorReader(ReadGuard guard) {
    this.guard = guard;
  }

  TfliteTensor read(int index, Tensor table) {
    String name = guard.text("tensor " + index, "characters", table::nameAsByteBuffer);
    String place = TfliteTensor.place(index, name);
    List<Integer> shape = shape(place, table);
    byte type = guard.at(place, table::type);
    long buffer = guard.at(place, table::buffer);
    if (buffer > Integer.MAX_VALUE) {
      throw guard.malformed(place, "names buffer " + buffer);
    }
    Quantization quantization = quantization(place, type, shape, table);
    return new TfliteTensor(
        index,
        name,
        type,
        shape,
        isOpen(place, table),
        quantization.scales(),
        quantization.zeroPoints(),
        quantization.axis(),
        (int) buffer,
        feature(place, table, quantization));
  }

  private boolean isOpen(String place, Tensor table) {
    return guard
        .vector(place, "axes", Integer.BYTES, table::shapeSignatureLength, table::shapeSignature)
        .contains(-1);
  }

  private List<Integer> shape(String place, Tensor table) {
    List<Integer> shape =
        guard.vector(place, "axes", Integer.BYTES, table::shapeLength, table::shape);
    if (shape.size() > MAX_AXES) {
      throw guard.malformed(place, "has " + shape.size() + " axes, more than " + MAX_AXES);
    }
    long elements = 1;
    for (int extent : shape) {
      if (extent < 0) {
        throw guard.malformed(place, "has the negative extent " + extent + " in its shape");
      }
      elements *= Math.max(1, extent);
      if (elements > MAX_ELEMENTS) {
        throw guard.malformed(place, "has shape " + shape + ", more than 2^28 elements");
      }
    }
    return shape;
  }

  private record Quantization(
      List<Float> scales, List<Integer> zeroPoints, int axis, boolean custom) {
    private static final Quantization NONE = new Quantization(List.of(), List.of(), 0, false);
  }

  /**
   * The scales of an integer tensor. What exporters note of a float tensor, such as the range that
   * calibration saw, has no meaning for its elements and is passed over.
   */
  private Quantization quantization(String place, byte type, List<Integer> shape, Tensor tensor) {
    @Nullable QuantizationParameters table = guard.at(place, () -> tensor.quantization());
    if (table == null || highest(type) == 0) {
      return Quantization.NONE;
    }
    List<Float> scales =
        guard.vector(place, "scales", Float.BYTES, table::scaleLength, table::scale);
    List<Long> zeroPoints =
        guard.vector(place, "zero points", Long.BYTES, table::zeroPointLength, table::zeroPoint);
    int axis = guard.at(place, table::quantizedDimension);
    boolean custom = guard.at(place, () -> table.detailsType() != QuantizationDetails.NONE);
    for (float scale : scales) {
      if (!(scale > 0) || Float.isInfinite(scale)) {
        throw guard.malformed(place, "has the scale " + scale + ", scales are positive and finite");
      }
    }
    if (scales.size() > 1 && scales.size() != channels(type, shape, axis)) {
      throw guard.malformed(
          place, "has " + scales.size() + " scales on axis " + axis + " of its shape " + shape);
    }
    return new Quantization(
        scales, zeroPoints(place, type, scales.size(), zeroPoints), axis, custom);
  }

  /**
   * How many scales per channel there must be. An int32 bias has one axis, whatever the file names:
   * exporters are known to give a depthwise bias the axis of its filter.
   */
  private static int channels(byte type, List<Integer> shape, int axis) {
    int channelAxis = type == TensorType.INT32 && shape.size() == 1 ? 0 : axis;
    return channelAxis < 0 || channelAxis >= shape.size() ? 0 : shape.get(channelAxis);
  }

  /** A zero point for each scale; a file may leave them out or give one for all. */
  private List<Integer> zeroPoints(String place, byte type, int scales, List<Long> given) {
    if (scales > 0 && given.size() > 1 && given.size() != scales) {
      throw guard.malformed(
          place, "has " + given.size() + " zero points for " + scales + " scales");
    }
    List<Integer> zeroPoints = new ArrayList<>(scales);
    for (int i = 0; i < scales; i++) {
      long zeroPoint = given.isEmpty() ? 0 : given.get(given.size() == 1 ? 0 : i);
      if (zeroPoint < lowest(type) || zeroPoint > highest(type)) {
        throw guard.malformed(
            place, "has the zero point " + zeroPoint + ", outside " + TfliteTensor.typeName(type));
      }
      zeroPoints.add((int) zeroPoint);
    }
    return zeroPoints;
  }

  /** The smallest stored number of a type that can be quantised. */
  private static long lowest(byte type) {
    return switch (type) {
      case TensorType.INT8 -> Byte.MIN_VALUE;
      case TensorType.INT16 -> Short.MIN_VALUE;
      case TensorType.INT32 -> Integer.MIN_VALUE;
      case TensorType.INT4 -> -8;
      default -> 0;
    };
  }

  /** The largest stored number of a type that can be quantised; 0 for all others. */
  private static long highest(byte type) {
    return switch (type) {
      case TensorType.INT8 -> Byte.MAX_VALUE;
      case TensorType.UINT8 -> 255;
      case TensorType.INT16 -> Short.MAX_VALUE;
      case TensorType.INT32 -> Integer.MAX_VALUE;
      case TensorType.INT4 -> 7;
      default -> 0;
    };
  }

  private String feature(String place, Tensor table, Quantization quantization) {
    if (guard.at(place, () -> table.sparsity() != null)) {
      return "sparse";
    }
    if (guard.at(place, table::isVariable)) {
      return TfliteTensor.VARIABLE;
    }
    return quantization.custom() ? "custom-quantised" : "";
  }
}
