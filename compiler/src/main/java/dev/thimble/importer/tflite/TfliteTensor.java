package dev.thimble.importer.tflite;

import java.util.List;
import java.util.Locale;
import org.tensorflow.lite.schema.TensorType;

/**
 * A tensor's entry in the file. Every count in it has been checked; whether its type is supported
 * has not.
 *
 * @param index the position in the subgraph's list of tensors
 * @param name the name in the file; it may be empty or repeated
 * @param type a code of {@link TensorType}, or one that the schema does not know
 * @param shape extents of at least 0, of at most 2^28 elements together
 * @param open whether the file leaves some of the extents to run time: they are what an operator
 *     computes, and those of {@code shape} but examples
 * @param scales none, one, or one for each index of {@code axis}; each positive and finite
 * @param zeroPoints as many as there are scales, within the type's range
 * @param axis the axis of per-channel scales
 * @param buffer the index of the buffer with the data, 0 for none
 * @param feature what makes the tensor one that no node can read, such as {@code "sparse"}, or
 *     empty
 */
record TfliteTensor(
    int index,
    String name,
    byte type,
    List<Integer> shape,
    boolean open,
    List<Float> scales,
    List<Integer> zeroPoints,
    int axis,
    int buffer,
    String feature) {
  /** The feature of a tensor that keeps its content from run to run. */
  static final String VARIABLE = "variable";

  TfliteTensor {
    shape = List.copyOf(shape);
    scales = List.copyOf(scales);
    zeroPoints = List.copyOf(zeroPoints);
  }

  /** The tensor with the extents that an operator computes. */
  TfliteTensor withShape(List<Integer> computed) {
    return new TfliteTensor(
        index, name, type, computed, false, scales, zeroPoints, axis, buffer, feature);
  }

  /** Where the tensor stands, as error messages name it. */
  String place() {
    return place(index, name);
  }

  static String place(int index, String name) {
    return "tensor " + index + " " + quoted(name);
  }

  /** A name from the file, shortened and without control characters, fit for a message's line. */
  static String quoted(String name) {
    String line = name.replaceAll("\\p{Cntrl}", "?");
    return "'" + (line.length() > 120 ? line.substring(0, 117) + "..." : line) + "'";
  }

  /** The number of elements; 0 when an extent is 0. */
  int elements() {
    int elements = 1;
    for (int extent : shape) {
      elements *= extent;
    }
    return elements;
  }

  /** Type and shape, such as {@code int8[1,96,96,3]}. */
  String describe() {
    String kind = feature.isEmpty() ? "" : feature + " ";
    return kind + typeName(type) + shape.toString().replace(" ", "");
  }

  static String typeName(byte type) {
    return type >= 0 && type < TensorType.names.length
        ? TensorType.name(type).toLowerCase(Locale.ROOT)
        : "type " + type;
  }
}
