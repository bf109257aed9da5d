package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.thimble.importer.layout.LaidOut;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is known without any computation: constants, shapes, and nodes that change nothing. */
final class ConstantImport {
  private ConstantImport() {}

  static void constant(OnnxNode at) {
    Attributes attributes = at.attributes();
    Optional<TensorProto> tensor = attributes.tensor("value");
    Optional<Float> real = attributes.real("value_float");
    Optional<Long> integer = attributes.integer("value_int");
    Optional<List<Float>> reals = attributes.reals("value_floats");
    Optional<List<Long>> integers = attributes.integers("value_ints");
    if (tensor.isPresent()) {
      at.set(0, Bodies.constant(at.place(), at.name(), tensor.get(), at.model()));
    } else if (real.isPresent()) {
      at.set(Tensor.ofFloats(TensorType.float32(), real.get()));
    } else if (integer.isPresent()) {
      at.set(integers(Shape.SCALAR, integer.get()));
    } else if (reals.isPresent() && !reals.get().isEmpty()) {
      float[] floats = new float[reals.get().size()];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = reals.get().get(i);
      }
      at.set(Tensor.ofFloats(TensorType.float32(floats.length), floats));
    } else if (reals.isPresent()) {
      at.set(0, new Operand.Empty(DType.FLOAT32, List.of(0)));
    } else if (integers.isPresent()) {
      at.set(0, list(at, integers.get()));
    } else {
      throw new UnsupportedNode("a constant of text or sparse data", "dense numbers");
    }
  }

  private static Tensor integers(Shape shape, long... values) {
    return Tensor.ofLongs(TensorType.of(DType.INT64, shape), values);
  }

  /** A list of integers as the first output; it may be empty. */
  private static Operand list(OnnxNode at, List<Long> values) {
    if (values.isEmpty()) {
      return new Operand.Empty(DType.INT64, List.of(0));
    }
    long[] numbers = values.stream().mapToLong(i -> i).toArray();
    return new Operand.Dense(
        at.graph().constant(at.name(), integers(Shape.of(numbers.length), numbers)));
  }

  static void constantOfShape(OnnxNode at) {
    at.require(1, 1);
    List<Integer> dims = at.model().decoder().dims(at.place(), at.integers(0, "shape"));
    Optional<TensorProto> stored = at.attributes().tensor("value");
    Tensor value = Tensor.ofFloats(TensorType.float32(1), 0);
    if (stored.isPresent()) {
      value =
          at.model()
              .decoder()
              .decode(at.place(), stored.get())
              .data()
              .orElseThrow(() -> at.malformed("has a value without elements"));
    }
    if (value.type().elements() != 1) {
      throw at.malformed("has a value of " + value.type());
    }
    if (dims.contains(0)) {
      at.set(0, new Operand.Empty(value.type().dtype(), dims));
      return;
    }
    TensorType type = TensorType.of(value.type().dtype(), at.shape(dims));
    at.set(filled(type, value));
  }

  /** A tensor of one number everywhere. */
  static Tensor filled(TensorType type, Tensor one) {
    if (type.isFloat()) {
      float[] floats = new float[type.elements()];
      Arrays.fill(floats, one.floats()[0]);
      return Tensor.ofFloats(type, floats);
    }
    long[] longs = new long[type.elements()];
    Arrays.fill(longs, one.longs()[0]);
    return Tensor.ofLongs(type, longs);
  }

  /** The extents of the operand, since opset 15 those from one axis to another. */
  static void shape(OnnxNode at) {
    at.require(1, 1);
    List<Integer> dims = at.dims(0);
    int rank = dims.size();
    int start = bound(at.attributes().integer("start", 0), rank);
    int end = bound(at.attributes().integer("end", rank), rank);
    at.set(
        0,
        list(
            at,
            dims.subList(start, Math.max(start, end)).stream().map(Integer::longValue).toList()));
  }

  private static int bound(int axis, int rank) {
    return Math.clamp(axis < 0 ? (long) axis + rank : axis, 0, rank);
  }

  static void size(OnnxNode at) {
    at.require(1, 1);
    long size = 1;
    for (int extent : at.dims(0)) {
      size *= extent;
    }
    at.set(integers(Shape.SCALAR, size));
  }

  static void identity(OnnxNode at) {
    at.require(1, 1);
    at.set(0, at.operand(0));
  }

  /** Inference drops nothing. The mask, where it is asked for, is all ones. */
  static void dropout(OnnxNode at) {
    at.require(1, 3);
    at.attributes().ignore("ratio", "seed", "is_test");
    if (at.has(2) && at.number(2, "training mode") != 0) {
      throw new UnsupportedNode("training mode", "inference");
    }
    at.set(0, at.operand(0));
    if (at.wants(1)) {
      LaidOut x = at.x(0);
      DType mask = at.opset() < 10 ? x.dtype() : DType.BOOL;
      TensorType type = TensorType.of(mask, x.shape());
      Tensor one =
          mask.isFloat()
              ? Tensor.ofFloats(TensorType.float32(1), 1)
              : Tensor.filled(TensorType.of(mask, Shape.of(1)), 1);
      at.set(1, at.graph().constant(at.name(1), filled(type, one)));
    }
  }
}
