package dev.thimble.kernel;

import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.MulQuantization;
import dev.thimble.op.Multiplier;
import dev.thimble.op.PreluQuantization;
import dev.thimble.op.Rounding;
import dev.thimble.op.SquaredDifferenceQuantization;
import dev.thimble.op.SumQuantization;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.TensorType;

/** Portable kernels of functions of two quantised inputs, but for the int8 sum and product. */
final class QuantizedPairs {
  private QuantizedPairs() {}

  static Kernel of(Binary op, KernelRequest request) {
    TensorType a = request.inputs().get(0);
    TensorType b = request.inputs().get(1);
    TensorType out = request.output();
    Activation activation = op.activation();
    Rounding rounding = request.rounding();
    return switch (op.function()) {
      case ADD -> sum(request, SumQuantization.ofSum(a, b, out, activation, rounding));
      case SUB -> sum(request, SumQuantization.ofDifference(a, b, out, activation, rounding));
      case SQUARED_DIFFERENCE ->
          square(request, SquaredDifferenceQuantization.of(a, b, out, activation, rounding));
      case MUL -> mul(request, MulQuantization.of(a, b, out, activation, rounding));
      case PRELU -> prelu(request, PreluQuantization.of(a, b, out, activation, rounding));
      case MIN, MAX -> extreme(op, request);
      case DIV, POW, MOD, FMOD, FLOOR_DIV, AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT ->
          throw new KernelException(op.kind() + " of quantised elements");
    };
  }

  private static String suffix(KernelRequest request) {
    return request.output().dtype() == DType.INT16 ? "_s16" : "_s8";
  }

  private static Kernel sum(KernelRequest request, SumQuantization q) {
    return PairKernels.pairs(
        request,
        "binary",
        "sum",
        suffix(request),
        list -> {
          ParameterList inside = list.inside("quantization");
          multipliers(inside, q.first(), q.second(), q.output());
          bounds(inside, q.min(), q.max(), q.outputZeroPoint());
          zeroPoints(inside, q.firstZeroPoint(), q.secondZeroPoint(), q.outputZeroPoint());
          inside.int8("left_shift", q.leftShift());
          shifts(inside, q.first(), q.second(), q.output());
          inside.int8("sign", q.sign());
        });
  }

  private static Kernel square(KernelRequest request, SquaredDifferenceQuantization q) {
    return PairKernels.pairs(
        request,
        "binary",
        "sum",
        suffix(request),
        list -> {
          ParameterList inside = list.inside("quantization");
          multipliers(inside, q.first(), q.second(), q.output());
          bounds(inside, q.min(), q.max(), q.outputZeroPoint());
          zeroPoints(inside, q.firstZeroPoint(), q.secondZeroPoint(), q.outputZeroPoint());
          inside.int8("left_shift", q.leftShift());
          shifts(inside, q.first(), q.second(), q.output());
          inside.int8("sign", 0);
        });
  }

  private static void multipliers(
      ParameterList list, Multiplier first, Multiplier second, Multiplier output) {
    list.int32("first_multiplier", first.multiplier())
        .int32("second_multiplier", second.multiplier())
        .int32("output_multiplier", output.multiplier());
  }

  private static void bounds(ParameterList list, int min, int max, int zeroPoint) {
    list.int32("min", min - zeroPoint).int32("max", max - zeroPoint);
  }

  private static void zeroPoints(ParameterList list, int first, int second, int output) {
    list.int32("first_zero_point", first)
        .int32("second_zero_point", second)
        .int32("output_zero_point", output);
  }

  private static void shifts(
      ParameterList list, Multiplier first, Multiplier second, Multiplier output) {
    list.int8("first_shift", first.shift())
        .int8("second_shift", second.shift())
        .int8("output_shift", output.shift());
  }

  private static Kernel mul(KernelRequest request, MulQuantization q) {
    return PairKernels.pairs(
        request,
        "binary",
        "mul",
        "_s16",
        list ->
            list.inside("quantization")
                .int32("multiplier", q.multiplier().multiplier())
                .int16("min", q.min())
                .int16("max", q.max())
                .int8("shift", q.multiplier().shift()));
  }

  private static Kernel prelu(KernelRequest request, PreluQuantization q) {
    return PairKernels.pairs(
        request,
        "binary",
        "prelu",
        "_s8",
        list ->
            list.inside("quantization")
                .int32("identity_multiplier", q.identity().multiplier())
                .int32("product_multiplier", q.product().multiplier())
                .int16("min", q.min() - q.outputZeroPoint())
                .int16("max", q.max() - q.outputZeroPoint())
                .int8("input_zero_point", q.inputZeroPoint())
                .int8("slope_zero_point", q.slopeZeroPoint())
                .int8("output_zero_point", q.outputZeroPoint())
                .int8("identity_shift", q.identity().shift())
                .int8("product_shift", q.product().shift()));
  }

  private static Kernel extreme(Binary op, KernelRequest request) {
    if (request.output().dtype() == DType.INT16) {
      return BinaryKernels.integers(op, request);
    }
    return PairKernels.pairs(
        request,
        "binary",
        "extreme",
        "_s8",
        list ->
            list.inside("bounds")
                .int8("min", op.activation().quantizedMin(request.output()))
                .int8("max", op.activation().quantizedMax(request.output()))
                .flag("greater", op.function() == Binary.Function.MAX));
  }
}
