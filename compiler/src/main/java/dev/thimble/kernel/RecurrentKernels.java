package dev.thimble.kernel;

import dev.thimble.op.Gate;
import dev.thimble.op.Gates16;
import dev.thimble.op.Gru;
import dev.thimble.op.Lstm;
import dev.thimble.op.LstmQuantization;
import dev.thimble.op.Multiplier;
import dev.thimble.op.Recurrence;
import dev.thimble.op.RecurrentOp;
import dev.thimble.op.Rnn;
import dev.thimble.op.SvdfMemory;
import dev.thimble.op.SvdfOutput;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import java.util.List;
import java.util.Locale;

/**
 * Portable kernels of recurrent nodes. They read what they start with first, so that their outputs
 * may lie there, unless the rows of one batch entry would destroy what another starts with.
 */
final class RecurrentKernels {
  private RecurrentKernels() {}

  static Kernel of(RecurrentOp op, KernelRequest request) {
    return switch (op) {
      case Rnn rnn -> rnn(rnn, request);
      case Gru gru -> gru(gru, request);
      case SvdfMemory memory -> SvdfKernels.memory(request);
      case SvdfOutput svdf -> SvdfKernels.output(svdf, request);
    };
  }

  private static Kernel rnn(Rnn op, KernelRequest request) {
    ParameterList list = filters(request, 1);
    steps(list, op.steps(), request);
    gate(list, "activation", op.activation());
    list.float32("clip", op.clip());
    return kernel("rnn", "rnn_f32", List.of(4, 0), list, 4 * units(request), op.steps(), request);
  }

  private static Kernel gru(Gru op, KernelRequest request) {
    ParameterList list = filters(request, 1);
    Tensor bias = Selection.constant(request, 4, "recurrent bias");
    list.table("recurrent_bias", Parameter.Role.BIAS_REQUANT, bias.floats());
    steps(list, op.steps(), request);
    gate(list, "gate", op.gate());
    gate(list, "candidate", op.candidate());
    list.float32("clip", op.clip()).flag("linear_before_reset", op.linearBeforeReset());
    int vectors = op.linearBeforeReset() ? 3 : 4;
    int scratch = 4 * vectors * units(request);
    return kernel("gru", "gru_f32", List.of(5, 0), list, scratch, op.steps(), request);
  }

  static Kernel lstm(Lstm op, KernelRequest request) {
    boolean floats = request.input().isFloat();
    ParameterList list = filters(request, 1);
    int scratch = 4 * units(request) * (floats ? Float.BYTES : Short.BYTES);
    if (!floats) {
      quantized(list, op, request);
    } else if (Lstm.hasPeepholes(request.inputs())) {
      Tensor peepholes = Selection.constant(request, 6, "peephole weights");
      list.table("peepholes", Parameter.Role.FILTER, peepholes.floats());
    } else {
      list.absent("peepholes");
    }
    steps(list, op.steps(), request);
    if (floats) {
      gate(list, "gate", op.gate());
      gate(list, "cell", op.cell());
      gate(list, "output", op.output());
      list.float32("clip", op.clip())
          .float32("cell_clip", op.cellClip())
          .flag("coupled", op.coupled());
    }
    String name = floats ? "lstm_f32" : "lstm_s8";
    return kernel("lstm", name, List.of(4, 5, 0), list, scratch, op.steps(), request);
  }

  private static void quantized(ParameterList list, Lstm op, KernelRequest request) {
    LstmQuantization q = LstmQuantization.of(op, request.inputs(), request.rounding());
    multipliers(list, "filter", q.filter());
    multipliers(list, "recurrent", q.recurrent());
    list.table("sigmoid", Parameter.Role.TABLE, DType.UINT16, Gates16.sigmoidTable());
    multiplier(list, "kept", q.kept());
    multiplier(list, "entered", q.entered());
    multiplier(list, "left", q.left());
    list.int16("cell_clip", q.cellClip())
        .int8("cell_shift", q.cellShift())
        .int8("input_zero_point", q.inputZeroPoint())
        .int8("state_zero_point", q.stateZeroPoint())
        .flag("sigmoid_cell", op.cell().equals(Gate.SIGMOID));
  }

  private static void multipliers(ParameterList list, String name, List<Multiplier> multipliers) {
    list.table(
            name + "_multiplier",
            Parameter.Role.BIAS_REQUANT,
            DType.INT32,
            multipliers.stream().mapToInt(Multiplier::multiplier).toArray())
        .table(
            name + "_shift",
            Parameter.Role.BIAS_REQUANT,
            DType.INT8,
            multipliers.stream().mapToInt(Multiplier::shift).toArray());
  }

  private static void multiplier(ParameterList list, String name, Multiplier multiplier) {
    list.int32(name + "_multiplier", multiplier.multiplier())
        .int32(name + "_shift", multiplier.shift());
  }

  /** The fields that all have: both filters and the bias, inputs {@code first} and following. */
  private static ParameterList filters(KernelRequest request, int first) {
    ParameterList list = new ParameterList();
    List<String> names = List.of("filter", "recurrent", "bias");
    for (int i = 0; i < names.size(); i++) {
      String what = i == 1 ? "recurrent filter" : names.get(i);
      Tensor data = Selection.constant(request, first + i, what);
      Parameter.Role role = i == 2 ? Parameter.Role.BIAS_REQUANT : Parameter.Role.FILTER;
      if (data.type().isFloat()) {
        list.table(names.get(i), role, data.floats());
      } else {
        list.table(names.get(i), role, data.type().dtype(), data.ints());
      }
    }
    return list;
  }

  private static int units(KernelRequest request) {
    return request.output().shape().dim(-1);
  }

  private static void steps(ParameterList list, Recurrence steps, KernelRequest request) {
    ParameterList inside = list.inside("steps");
    if (steps.lengths().isEmpty()) {
      inside.absent("lengths");
    } else {
      int[] lengths = steps.lengths().stream().mapToInt(Integer::intValue).toArray();
      inside.table("lengths", Parameter.Role.TABLE, DType.INT32, lengths);
    }
    inside
        .int32("batch", steps.batch(request.input()))
        .int32("frames", steps.steps(request.input()))
        .int32("depth", request.input().shape().dim(2))
        .int32("units", units(request))
        .flag("time_major", steps.timeMajor())
        .flag("reverse", steps.reverse())
        .flag("last", steps.last());
  }

  private static void gate(ParameterList list, String field, Gate gate) {
    String function = "thimble_gate_" + gate.function().name().toLowerCase(Locale.ROOT);
    list.inside(field)
        .expression("function", function)
        .float32("alpha", gate.alpha())
        .float32("beta", gate.beta());
  }

  private static Kernel kernel(
      String folder,
      String name,
      List<Integer> operands,
      ParameterList list,
      int scratch,
      Recurrence steps,
      KernelRequest request) {
    boolean inPlace =
        steps.last()
            || steps.timeMajor()
            || steps.batch(request.input()) == 1
            || steps.steps(request.input()) == 1;
    return new Kernel(
        Selection.source(folder, name),
        name,
        new Form.Whole(),
        operands,
        list.toList(),
        scratch,
        inPlace);
  }
}
