package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * What a quantised {@link Lstm} needs beside its elements: rule Q42 of quantization.md. Frames and
 * h are int8, filters int8 with zero point 0 and a scale for each row or one for all, the bias
 * int32, c int16 with zero point 0 and a power of two as scale. Sums are int16 of 12 fractional
 * bits.
 *
 * @param filter for each row of the filter the multiplier of its sums
 * @param recurrent the same for the recurrent filter
 * @param kept of the products f . c
 * @param entered of the products i . g
 * @param left of the products that become h
 * @param cellShift what c is shifted left by before its function; negative to the right
 * @param cellClip the bound of stored c; 0 for none
 */
public record LstmQuantization(
    int inputZeroPoint,
    int stateZeroPoint,
    List<Multiplier> filter,
    List<Multiplier> recurrent,
    Multiplier kept,
    Multiplier entered,
    Multiplier left,
    int cellShift,
    int cellClip) {
  /** The scale of the sums. */
  private static final float SUM_SCALE = 1f / (1 << 12);

  /** The scale of what gates give. */
  private static final double GATE_SCALE = 1.0 / (1 << 15);

  public LstmQuantization {
    filter = List.copyOf(filter);
    recurrent = List.copyOf(recurrent);
  }

  /** Throws {@link IllegalArgumentException} unless the node is one that the rule describes. */
  static void check(Lstm op, List<TensorType> inputs, List<TensorType> outputs) {
    Checks.int8PerTensor("input", inputs.get(0));
    TensorType state = inputs.get(4);
    TensorType cell = inputs.get(5);
    Checks.int8PerTensor("first state", state);
    Checks.sameElements(state, outputs.get(0));
    Checks.sameElements(cell, outputs.get(1));
    for (int filter : new int[] {1, 2}) {
      TensorType type = inputs.get(filter);
      boolean symmetric =
          switch (type.quant()) {
            case QuantParams.None n -> false;
            case QuantParams.PerTensor p -> p.zeroPoint() == 0;
            case QuantParams.PerChannel p -> p.axis() == 0;
          };
      Checks.require(
          type.dtype() == DType.INT8 && symmetric,
          "filters must be int8, symmetric per tensor or row, one is " + type);
    }
    Checks.require(inputs.get(3).dtype() == DType.INT32, "bias must be int32, is " + inputs.get(3));
    Checks.require(
        cell.dtype() == DType.INT16
            && cell.quant() instanceof QuantParams.PerTensor p
            && p.zeroPoint() == 0
            && Math.scalb(1f, Math.getExponent(p.scale())) == p.scale()
            && p.scale() <= 1,
        "cell state must be int16 with zero point 0 and a power of two up to 1 as scale, is "
            + cell);
    Checks.require(!Lstm.hasPeepholes(inputs), "has no peepholes where it is quantised");
    Checks.require(
        op.gate().equals(Gate.SIGMOID)
            && (op.cell().equals(Gate.TANH) || op.cell().equals(Gate.SIGMOID))
            && op.output().equals(Gate.TANH)
            && op.clip() == 0
            && !op.coupled(),
        "takes sigmoid gates, tanh and no bounds of sums where it is quantised");
    of(op, inputs, Rounding.DOUBLE);
  }

  /** The constants. Throws {@link IllegalArgumentException} when the scales give no multiplier. */
  public static LstmQuantization of(Lstm op, List<TensorType> inputs, Rounding rounding) {
    TensorType state = inputs.get(4);
    double cellScale = inputs.get(5).scale();
    double clip = Math.clamp((double) op.cellClip() / cellScale, -32768.0, 32767.0);
    return new LstmQuantization(
        inputs.get(0).zeroPoint(),
        state.zeroPoint(),
        multipliers(inputs.get(0), inputs.get(1), rounding),
        multipliers(state, inputs.get(2), rounding),
        FixedPoint.quantizeMultiplier(GATE_SCALE * cellScale / cellScale, rounding),
        FixedPoint.quantizeMultiplier(GATE_SCALE * GATE_SCALE / cellScale, rounding),
        FixedPoint.quantizeMultiplier(GATE_SCALE * GATE_SCALE / (double) state.scale(), rounding),
        12 + Math.getExponent((float) cellScale),
        (int) clip);
  }

  /** The reference multiplies the two scales in float32, as in rule Q8. */
  private static List<Multiplier> multipliers(
      TensorType input, TensorType filter, Rounding rounding) {
    List<Multiplier> multipliers = new ArrayList<>();
    for (int row = 0; row < filter.shape().dim(0); row++) {
      float product = input.scale() * filter.scaleOf(row);
      multipliers.add(
          FixedPoint.quantizeMultiplier((double) product / (double) SUM_SCALE, rounding));
    }
    return multipliers;
  }
}
