package dev.thimble.kernel;

import dev.thimble.op.Activation;
import dev.thimble.op.AtLeast;
import dev.thimble.op.CurveQuantization;
import dev.thimble.op.Parametric;
import dev.thimble.op.PiecewiseQuantization;
import dev.thimble.op.Quantize;
import dev.thimble.op.Requantization;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Unary;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Portable kernels of functions of single elements. */
final class ElementwiseKernels {
  private static final int INT8_VALUES = 256;

  private ElementwiseKernels() {}

  static Kernel unary(Unary op, KernelRequest request) {
    if (request.input().isQuantized()) {
      return request.input().dtype() == DType.INT16 ? ofInt16(op, request) : ofInt8(op, request);
    }
    if (!request.input().isFloat()) {
      return ofIntegers(op, request);
    }
    return switch (op.function()) {
      case RELU, RELU6, RELU_N1_TO_1 ->
          kernel(
              "relu",
              "relu_f32",
              request,
              new ParameterList()
                  .float32("min", op.asActivation().min())
                  .float32("max", op.asActivation().max()));
      case SIGMOID ->
          kernel("sigmoid", "sigmoid_f32", request, new ParameterList().int8("unused", 0));
      default ->
          kernel("unary", op.kind() + "_f32", request, new ParameterList().int8("unused", 0));
    };
  }

  private static Kernel ofInt16(Unary op, KernelRequest request) {
    TensorType in = request.input();
    TensorType out = request.output();
    return switch (op.function()) {
      case SIGMOID -> curve(CurveQuantization.ofSigmoid(in, out), false, request);
      case TANH -> curve(CurveQuantization.ofTanh(in, out), true, request);
      default ->
          piecewise(
              op.pieces(in, out, request.rounding())
                  .orElseThrow(() -> new KernelException(op.kind() + " of int16 elements")),
              request);
    };
  }

  private static Kernel curve(CurveQuantization q, boolean tanh, KernelRequest request) {
    ParameterList list =
        new ParameterList()
            .table("table", Parameter.Role.TABLE, DType.UINT16, CurveQuantization.table())
            .int32("multiplier", q.multiplier())
            .int8("shift", q.shift())
            .flag("tanh", tanh);
    return kernel("unary", "curve_s16", request, list);
  }

  private static Kernel piecewise(PiecewiseQuantization q, KernelRequest request) {
    ParameterList list =
        new ParameterList()
            .int32("positive_multiplier", q.positive().multiplier())
            .int32("negative_multiplier", q.negative().multiplier())
            .int32("min", q.min() - q.outputZeroPoint())
            .int32("max", q.max() - q.outputZeroPoint())
            .int16("input_zero_point", q.inputZeroPoint())
            .int16("output_zero_point", q.outputZeroPoint())
            .int8("positive_shift", q.positive().shift())
            .int8("negative_shift", q.negative().shift())
            .flag("mirrored", q.mirrored())
            .flag("negated", q.negated());
    return kernel("unary", "piecewise_s16", request, list);
  }

  private static Kernel ofIntegers(Unary op, KernelRequest request) {
    Activation clamp = op.asActivation();
    ParameterList list = new ParameterList().int8("function", code(op.function()));
    list.int8("type", AxisKernels.integer(request.input().dtype()))
        .int8("min", Float.isInfinite(clamp.min()) ? 0 : (int) clamp.min())
        .int64("max", Float.isInfinite(clamp.max()) ? Long.MAX_VALUE : (long) clamp.max());
    return kernel("unary", "unary_int", request, list);
  }

  /** How {@code unary_int_portable.c} numbers a function. */
  private static int code(Unary.Function function) {
    return switch (function) {
      case RELU, RELU6, RELU_N1_TO_1 -> 0;
      case ABS -> 1;
      case NEG -> 2;
      case SIGN -> 3;
      case SQUARE -> 4;
      case BITWISE_NOT -> 5;
      case NOT -> 6;
      default -> throw new KernelException(function + " of integers without quantisation");
    };
  }

  static Kernel parametric(Parametric op, KernelRequest request) {
    if (request.input().isQuantized()) {
      return request.input().dtype() == DType.INT16
          ? piecewise(op.pieces(request.input(), request.output(), request.rounding()), request)
          : ofInt8(op, request);
    }
    return kernel(
        "parametric",
        op.kind() + "_f32",
        request,
        new ParameterList().float32("alpha", op.alpha()).float32("beta", op.beta()));
  }

  static Kernel cast(KernelRequest request) {
    DType from = request.input().dtype();
    DType to = request.output().dtype();
    if (from.isFloat() && to.isFloat()) {
      return RowKernels.copy(request);
    }
    ParameterList list = new ParameterList();
    if (to.isFloat()) {
      list.int8("from", AxisKernels.integer(from));
      return kernel("cast", "cast_int_f32", request, list);
    }
    if (!from.isFloat()) {
      list.int8("from", AxisKernels.integer(from));
    }
    list.int8("to", AxisKernels.integer(to)).flag("boolean", to == DType.BOOL);
    if (!from.isFloat()) {
      return kernel("cast", "cast_int", request, list);
    }
    list.int64("min", to.min()).int64("max", to.max());
    list.float32("below", to.min()).float32("above", to.max());
    return kernel("cast", "cast_f32_int", request, list);
  }

  static Kernel quantize(Quantize op, KernelRequest request) {
    if (!request.input().isFloat()) {
      return ofInt8(op, request);
    }
    if (request.output().dtype() != DType.INT8) {
      return kernel("quantize", "quantize_wide_f32", request, real(request.output()));
    }
    ParameterList list =
        new ParameterList()
            .float32("scale", request.output().scale())
            .int8("zero_point", request.output().zeroPoint());
    return kernel("quantize", "quantize_f32", request, list);
  }

  static Kernel dequantize(KernelRequest request) {
    if (request.input().dtype() != DType.INT8) {
      return kernel("dequantize", "dequantize_wide_f32", request, real(request.input()));
    }
    String name = "dequantize_" + Selection.suffix(request, request.input());
    ParameterList list =
        new ParameterList()
            .float32("scale", request.input().scale())
            .int8("zero_point", request.input().zeroPoint());
    return kernel("dequantize", name, request, list);
  }

  private static ParameterList real(TensorType type) {
    return new ParameterList()
        .float32("scale", type.scale())
        .int32("zero_point", type.zeroPoint())
        .int32("element", Elements.code(type.dtype()));
  }

  /** A byte whose highest bit is inverted, or any other integer by the rule. */
  static Kernel requantize(KernelRequest request) {
    TensorType from = request.input();
    TensorType to = request.output();
    boolean bytes = from.dtype().bytes() == 1 && to.dtype().bytes() == 1;
    if (bytes
        && from.dtype() != to.dtype()
        && from.scale() == to.scale()
        && from.zeroPoint() - from.dtype().min() == to.zeroPoint() - to.dtype().min()) {
      return kernel("requantize", "recode_bytes", request, new ParameterList().int8("unused", 0));
    }
    Requantization quantization = Requantization.ofQuantize(from, to, request.rounding());
    ParameterList list =
        new ParameterList()
            .int32("multiplier", quantization.multiplier().multiplier())
            .int32("input_zero_point", quantization.inputZeroPoint())
            .int32("output_zero_point", quantization.outputZeroPoint())
            .int32("min", quantization.min())
            .int32("max", quantization.max())
            .int8("shift", quantization.multiplier().shift())
            .int32("from", Elements.code(from.dtype()))
            .int32("to", Elements.code(to.dtype()));
    return kernel("requantize", "requantize_int", request, list);
  }

  static Kernel atLeast(AtLeast op, KernelRequest request) {
    String name = "at_least_" + Selection.suffix(request, request.input());
    ParameterList list = new ParameterList();
    if (request.input().isFloat()) {
      list.float32("threshold", Thresholds.ofFloats(op.threshold()));
    } else {
      list.int16("threshold", Thresholds.ofInts(op.threshold()));
    }
    return kernel("at_least", name, request, list);
  }

  /**
   * A function from int8 to int8, found by evaluating the op on every int8: a clamp where that is
   * what it does, else a table.
   */
  private static Kernel ofInt8(SingleOutputOp op, KernelRequest request) {
    Selection.suffix(request, request.input());
    Selection.suffix(request, request.output());
    TensorType all = request.input().withShape(Shape.of(INT8_VALUES));
    int[] elements = IntStream.range(0, INT8_VALUES).map(i -> (byte) i).toArray();
    int[] results =
        op.evaluate(
                List.of(Tensor.ofInts(all, elements)),
                request.output().withShape(Shape.of(INT8_VALUES)),
                request.rounding())
            .ints();
    int min = Arrays.stream(results).min().getAsInt();
    int max = Arrays.stream(results).max().getAsInt();
    boolean clamp =
        IntStream.range(0, INT8_VALUES)
            .allMatch(i -> results[i] == Math.clamp(elements[i], min, max));
    return clamp
        ? kernel("relu", "relu_s8", request, new ParameterList().int8("min", min).int8("max", max))
        : kernel(
            "lookup",
            "lookup_s8",
            request,
            new ParameterList().table("table", Parameter.Role.TABLE, DType.INT8, results));
  }

  /** A tile kernel whose columns are elements: by image rows for NHWC, else a single row. */
  private static Kernel kernel(
      String folder, String name, KernelRequest request, ParameterList list) {
    Shape shape = request.output().shape();
    boolean image = shape.rank() == 4;
    int width = image ? shape.dim(2) * shape.dim(3) : shape.elements();
    int rows = image ? shape.dim(1) : 1;
    int inputBytes = request.input().dtype().bytes();
    int outputBytes = request.output().dtype().bytes();
    Form.Tile form =
        new Form.Tile(
            image ? shape.dim(0) : 1,
            rows,
            width,
            width * outputBytes,
            Form.RowWindow.SAME,
            List.of(new Form.Operand(rows, width * inputBytes)),
            OptionalInt.empty(),
            true);
    return new Kernel(
        Selection.source(folder, name),
        name,
        form,
        List.of(0),
        list.toList(),
        0,
        outputBytes <= inputBytes);
  }
}
