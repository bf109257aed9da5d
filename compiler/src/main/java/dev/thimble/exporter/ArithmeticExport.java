package dev.thimble.exporter;

import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Compare;
import dev.thimble.op.L2Norm;
import dev.thimble.op.LogSoftmax;
import dev.thimble.op.MatMul;
import dev.thimble.op.Parametric;
import dev.thimble.op.Reduce;
import dev.thimble.op.Softmax;
import dev.thimble.op.Unary;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.lite.schema.AddOptionsT;
import org.tensorflow.lite.schema.BatchMatMulOptionsT;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.CastOptionsT;
import org.tensorflow.lite.schema.GeluOptionsT;
import org.tensorflow.lite.schema.L2NormOptionsT;
import org.tensorflow.lite.schema.LeakyReluOptionsT;
import org.tensorflow.lite.schema.MulOptionsT;
import org.tensorflow.lite.schema.ReducerOptionsT;
import org.tensorflow.lite.schema.SoftmaxOptionsT;
import org.tensorflow.lite.schema.SubOptionsT;
import org.tensorflow.lite.schema.TransposeOptionsT;

/** The operators that compute of elements, and along axes. */
final class ArithmeticExport {
  /** The epsilon of TensorFlow Lite's normalisation. */
  private static final double L2_EPSILON = 1e-6;

  private ArithmeticExport() {}

  static void binary(Operator at, Binary op) {
    byte code = Operator.code(op.activation());
    switch (op.function()) {
      case ADD -> {
        AddOptionsT options = new AddOptionsT();
        options.setPotScaleInt16(false);
        options.setFusedActivationFunction(code);
        at.write(
            BuiltinOperator.ADD,
            at.version(1, 2, 3),
            BuiltinOptions.AddOptions,
            options,
            at.inputs());
      }
      case SUB -> {
        SubOptionsT options = new SubOptionsT();
        options.setPotScaleInt16(false);
        options.setFusedActivationFunction(code);
        at.write(
            BuiltinOperator.SUB,
            at.version(1, 2, 5),
            BuiltinOptions.SubOptions,
            options,
            at.inputs());
      }
      case MUL -> {
        MulOptionsT options = new MulOptionsT();
        options.setFusedActivationFunction(code);
        at.write(
            BuiltinOperator.MUL,
            at.version(1, 2, 4),
            BuiltinOptions.MulOptions,
            options,
            at.inputs());
      }
      case MIN -> plain(at, op, BuiltinOperator.MINIMUM, at.version(1, 2, 4));
      case MAX -> plain(at, op, BuiltinOperator.MAXIMUM, at.version(1, 2, 4));
      case PRELU -> plain(at, op, BuiltinOperator.PRELU, 1);
      case SQUARED_DIFFERENCE ->
          plain(at, op, BuiltinOperator.SQUARED_DIFFERENCE, at.version(1, 2, 3));
      case DIV, POW, MOD, FMOD, FLOOR_DIV, AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT ->
          throw new UnsupportedExport("this function of two operands");
    }
  }

  private static void plain(Operator at, Binary op, int builtin, int version) {
    if (op.activation() != Activation.NONE) {
      throw new UnsupportedExport("an activation after this function");
    }
    at.write(builtin, version, at.inputs());
  }

  static void compare(Operator at, Compare op) {
    int builtin =
        switch (op.function()) {
          case EQUAL -> BuiltinOperator.EQUAL;
          case NOT_EQUAL -> BuiltinOperator.NOT_EQUAL;
          case LESS -> BuiltinOperator.LESS;
          case LESS_EQUAL -> BuiltinOperator.LESS_EQUAL;
          case GREATER -> BuiltinOperator.GREATER;
          case GREATER_EQUAL -> BuiltinOperator.GREATER_EQUAL;
        };
    at.write(builtin, at.version(1, 2, 2), at.inputs());
  }

  static void unary(Operator at, Unary op) {
    switch (op.function()) {
      case RELU -> at.write(BuiltinOperator.RELU, at.version(1, 2, 3), at.inputs());
      case RELU6 -> at.write(BuiltinOperator.RELU6, at.version(1, 2, 3), at.inputs());
      case RELU_N1_TO_1 -> at.write(BuiltinOperator.RELU_N1_TO_1, 1, at.inputs());
      case SIGMOID -> at.write(BuiltinOperator.LOGISTIC, at.version(1, 2, 3), at.inputs());
      case TANH -> at.write(BuiltinOperator.TANH, at.version(1, 2, 3), at.inputs());
      case HARD_SWISH -> at.write(BuiltinOperator.HARD_SWISH, 1, at.inputs());
      case ABS -> at.write(BuiltinOperator.ABS, at.version(1, 2, 3), at.inputs());
      case NEG -> raw(at, BuiltinOperator.NEG, 1);
      case EXP -> at.write(BuiltinOperator.EXP, at.version(1, 2, 2), at.inputs());
      case LOG -> at.write(BuiltinOperator.LOG, at.version(1, 2, 2), at.inputs());
      case RSQRT -> at.write(BuiltinOperator.RSQRT, at.version(1, 2, 3), at.inputs());
      case SQRT -> raw(at, BuiltinOperator.SQRT, 1);
      case SQUARE -> raw(at, BuiltinOperator.SQUARE, 1);
      case SIN -> raw(at, BuiltinOperator.SIN, 1);
      case COS -> raw(at, BuiltinOperator.COS, 1);
      case FLOOR -> raw(at, BuiltinOperator.FLOOR, 1);
      case CEIL -> raw(at, BuiltinOperator.CEIL, 1);
      case ROUND -> raw(at, BuiltinOperator.ROUND, 1);
      case GELU, GELU_TANH -> {
        GeluOptionsT options = new GeluOptionsT();
        options.setApproximate(op.function() == Unary.Function.GELU_TANH);
        at.write(
            BuiltinOperator.GELU,
            at.version(1, 2, 2),
            BuiltinOptions.GeluOptions,
            options,
            at.inputs());
      }
      case SILU,
          MISH,
          SOFTPLUS,
          SOFTSIGN,
          RECIPROCAL,
          SIGN,
          TAN,
          ASIN,
          ACOS,
          ATAN,
          SINH,
          COSH,
          ASINH,
          ACOSH,
          ATANH,
          ERF,
          NOT,
          BITWISE_NOT,
          IS_NAN ->
          throw new UnsupportedExport("this function");
    }
  }

  /** A function that TensorFlow Lite computes of floats only. */
  private static void raw(Operator at, int builtin, int version) {
    if (!at.isFloat()) {
      throw new UnsupportedExport("this function of " + at.type().dtype().reportName());
    }
    at.write(builtin, version, at.inputs());
  }

  static void parametric(Operator at, Parametric op) {
    switch (op.function()) {
      case LEAKY_RELU -> {
        LeakyReluOptionsT options = new LeakyReluOptionsT();
        options.setAlpha(op.alpha());
        at.write(
            BuiltinOperator.LEAKY_RELU,
            at.version(1, 2, 2),
            BuiltinOptions.LeakyReluOptions,
            options,
            at.inputs());
      }
      case ELU -> {
        if (op.alpha() != 1) {
          throw new UnsupportedExport("an elu with alpha " + op.alpha());
        }
        at.write(BuiltinOperator.ELU, 1, at.inputs());
      }
      case SELU, CELU, HARD_SIGMOID, THRESHOLDED_RELU, SHRINK, CLIP, IS_INF ->
          throw new UnsupportedExport("this function");
    }
  }

  static void reduce(Operator at, Reduce op) {
    ReducerOptionsT options = new ReducerOptionsT();
    options.setKeepDims(op.keepAxes());
    int builtin =
        switch (op.function()) {
          case MEAN -> BuiltinOperator.MEAN;
          case SUM -> BuiltinOperator.SUM;
          case MAX -> BuiltinOperator.REDUCE_MAX;
          case MIN -> BuiltinOperator.REDUCE_MIN;
          case PROD -> BuiltinOperator.REDUCE_PROD;
          case L1, L2, SUM_SQUARE, LOG_SUM, LOG_SUM_EXP, ANY, ALL ->
              throw new UnsupportedExport("this reduction");
        };
    int axes = at.to().integers(at.name("/axes"), op.axes());
    at.write(
        builtin, at.version(1, 2, 3), BuiltinOptions.ReducerOptions, options, at.input(0), axes);
  }

  static void softmax(Operator at, Softmax op) {
    SoftmaxOptionsT options = new SoftmaxOptionsT();
    options.setBeta(op.beta());
    if (!op.isInnermost(at.type().shape())) {
      turnedSoftmax(at, op, options);
      return;
    }
    at.write(
        BuiltinOperator.SOFTMAX,
        at.version(1, 2, 3),
        BuiltinOptions.SoftmaxOptions,
        options,
        at.inputs());
  }

  /** A softmax between two transpositions that exchange its axis with the last one. */
  private static void turnedSoftmax(Operator at, Softmax op, SoftmaxOptionsT options) {
    Shape shape = at.type().shape();
    int last = shape.rank() - 1;
    int axis = op.axis() < 0 ? op.axis() + shape.rank() : op.axis();
    List<Integer> axes = new ArrayList<>(IntStream.rangeClosed(0, last).boxed().toList());
    Collections.swap(axes, axis, last);
    Shape turned = shape.with(axis, shape.dim(last)).with(last, shape.dim(axis));
    int permutation = at.to().integers(at.name("/permutation"), axes);
    int before = at.to().between(at.name("/turned"), at.type().withShape(turned));
    int after = at.to().between(at.name("/softmax"), at.outputType().withShape(turned));
    TransposeOptionsT none = new TransposeOptionsT();
    byte kind = BuiltinOptions.TransposeOptions;
    int transpose = BuiltinOperator.TRANSPOSE;
    at.to().file().operator(transpose, 1, kind, none, new int[] {at.input(0), permutation}, before);
    at.to()
        .file()
        .operator(
            BuiltinOperator.SOFTMAX,
            1,
            BuiltinOptions.SoftmaxOptions,
            options,
            new int[] {before},
            after);
    at.to().file().operator(transpose, 1, kind, none, new int[] {after, permutation}, at.output());
  }

  /** Numbers of 32 and 64 bits, float32, int16, bytes and booleans. */
  static void cast(Operator at) {
    for (TensorType type : List.of(at.type(), at.outputType())) {
      if (type.isQuantized() || type.dtype() == DType.UINT16 || type.dtype() == DType.UINT32) {
        throw new UnsupportedExport("a cast of " + at.type() + " to " + at.outputType());
      }
    }
    at.write(BuiltinOperator.CAST, 1, BuiltinOptions.CastOptions, new CastOptionsT(), at.inputs());
  }

  static void logSoftmax(Operator at, LogSoftmax op) {
    int rank = at.type().shape().rank();
    if (op.axis() != -1 && op.axis() != rank - 1) {
      throw new UnsupportedExport("a log_softmax along axis " + op.axis());
    }
    at.write(BuiltinOperator.LOG_SOFTMAX, at.version(1, 2, 2), at.inputs());
  }

  static void l2Norm(Operator at, L2Norm op) {
    int rank = at.type().shape().rank();
    boolean last = op.axis() == -1 || op.axis() == rank - 1;
    if (!last || (at.isFloat() && Math.abs(op.epsilon() - L2_EPSILON) > L2_EPSILON / 2)) {
      throw new UnsupportedExport("a normalisation with these attributes");
    }
    at.write(
        BuiltinOperator.L2_NORMALIZATION,
        at.version(1, 2, 2),
        BuiltinOptions.L2NormOptions,
        new L2NormOptionsT(),
        at.inputs());
  }

  static void matMul(Operator at, MatMul op) {
    BatchMatMulOptionsT options = new BatchMatMulOptionsT();
    options.setAdjX(op.transposeFirst());
    options.setAdjY(op.transposeSecond());
    at.write(
        BuiltinOperator.BATCH_MATMUL,
        at.version(1, 2, 3),
        BuiltinOptions.BatchMatMulOptions,
        options,
        at.inputs());
  }

  static void quantize(Operator at) {
    boolean known =
        at.isFloat()
            || at.type().dtype() == DType.INT8
            || at.type().dtype() == DType.INT16
            || at.type().dtype() == DType.UINT8;
    if (!known) {
      throw new UnsupportedExport("a conversion of " + at.type());
    }
    at.write(BuiltinOperator.QUANTIZE, at.isFloat() ? 1 : 2, at.inputs());
  }

  static void dequantize(Operator at) {
    at.write(BuiltinOperator.DEQUANTIZE, at.version(1, 2, 3), at.inputs());
  }
}
