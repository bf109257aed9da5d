package dev.thimble.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BidirectionalSequenceLSTMOptionsT;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.RNNOptionsT;
import org.tensorflow.lite.schema.SequenceRNNOptionsT;
import org.tensorflow.lite.schema.UnidirectionalSequenceLSTMOptionsT;

/** A model of each recurrent TFLite operator: three frames of four numbers, two units. */
final class RecurrentSamples {
  private static final int FRAMES = 3;
  private static final int DEPTH = 4;
  private static final int UNITS = 2;
  private static final float SCALE = 1f / 64;

  private final TfliteWriter writer = new TfliteWriter();
  private final boolean floats;
  private int constants;

  private RecurrentSamples(boolean floats) {
    this.floats = floats;
  }

  static void addTo(Map<Integer, TfliteWriter> models, boolean floats) {
    models.put(BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM, new RecurrentSamples(floats).lstm());
    if (floats) {
      models.put(
          BuiltinOperator.BIDIRECTIONAL_SEQUENCE_LSTM, new RecurrentSamples(true).bidirectional());
      models.put(BuiltinOperator.RNN, new RecurrentSamples(true).rnn(false));
      models.put(BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_RNN, new RecurrentSamples(true).rnn(true));
    }
  }

  private TfliteWriter lstm() {
    activations("in", 0, 1, FRAMES, DEPTH).input("in");
    activations("out", 3, 1, FRAMES, UNITS).output("out");
    List<String> operands = new ArrayList<>(List.of("in"));
    direction(operands, true);
    states(operands, "");
    operands.addAll(List.of("-", "-", "-", "-"));
    UnidirectionalSequenceLSTMOptionsT options = new UnidirectionalSequenceLSTMOptionsT();
    options.setFusedActivationFunction(ActivationFunctionType.TANH);
    options.setCellClip(floats ? 0 : 4);
    return operator(
        BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM,
        BuiltinOptions.UnidirectionalSequenceLSTMOptions,
        options,
        operands);
  }

  /** The second direction has peepholes, and no input gate of its own. */
  private TfliteWriter bidirectional() {
    activations("in", 0, 1, FRAMES, DEPTH).input("in");
    activations("out", 0, 1, FRAMES, 2 * UNITS).output("out");
    List<String> operands = new ArrayList<>(List.of("in"));
    direction(operands, true);
    direction(operands, false);
    states(operands, "forward");
    states(operands, "backward");
    for (int i = 0; i < 9; i++) {
      operands.add("-");
    }
    BidirectionalSequenceLSTMOptionsT options = new BidirectionalSequenceLSTMOptionsT();
    options.setFusedActivationFunction(ActivationFunctionType.TANH);
    options.setMergeOutputs(true);
    return operator(
        BuiltinOperator.BIDIRECTIONAL_SEQUENCE_LSTM,
        BuiltinOptions.BidirectionalSequenceLSTMOptions,
        options,
        operands);
  }

  private TfliteWriter rnn(boolean sequence) {
    int[] input = sequence ? new int[] {1, FRAMES, DEPTH} : new int[] {1, DEPTH};
    int[] output = sequence ? new int[] {1, FRAMES, UNITS} : new int[] {1, UNITS};
    writer.float32("in", input).input("in").float32("out", output).output("out");
    List<String> operands = new ArrayList<>(List.of("in"));
    operands.add(filter(UNITS, DEPTH));
    operands.add(filter(UNITS, UNITS));
    operands.add(bias());
    operands.add("state");
    writer.float32("state", 1, UNITS).variable("state");
    if (sequence) {
      SequenceRNNOptionsT options = new SequenceRNNOptionsT();
      options.setFusedActivationFunction(ActivationFunctionType.TANH);
      return operator(
          BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_RNN,
          BuiltinOptions.SequenceRNNOptions,
          options,
          operands);
    }
    RNNOptionsT options = new RNNOptionsT();
    options.setFusedActivationFunction(ActivationFunctionType.RELU);
    return operator(BuiltinOperator.RNN, BuiltinOptions.RNNOptions, options, operands);
  }

  /** Filters, peepholes, biases, and no projection. */
  private void direction(List<String> operands, boolean plain) {
    for (int depth : new int[] {DEPTH, UNITS}) {
      for (int gate = 0; gate < 4; gate++) {
        operands.add(gate > 0 || plain ? filter(UNITS, depth) : "-");
      }
    }
    for (int gate = 0; gate < 3; gate++) {
      operands.add(plain || gate == 0 ? "-" : filter(UNITS));
    }
    for (int gate = 0; gate < 4; gate++) {
      operands.add(gate > 0 || plain ? bias() : "-");
    }
    operands.addAll(List.of("-", "-"));
  }

  private void states(List<String> operands, String direction) {
    String state = direction + "state";
    String cell = direction + "cell";
    activations(state, 3, 1, UNITS).variable(state);
    if (floats) {
      writer.float32(cell, 1, UNITS).variable(cell);
    } else {
      writer.int16(cell, 1f / (1 << 11), 1, UNITS).variable(cell);
    }
    operands.add(state);
    operands.add(cell);
  }

  private TfliteWriter activations(String name, int zeroPoint, int... shape) {
    return floats ? writer.float32(name, shape) : writer.int8(name, SCALE, zeroPoint, shape);
  }

  private String filter(int... shape) {
    String name = "filter" + constants++;
    int elements = 1;
    for (int extent : shape) {
      elements *= extent;
    }
    byte[] bytes = new byte[elements];
    float[] numbers = new float[elements];
    for (int i = 0; i < elements; i++) {
      bytes[i] = (byte) ((i * 37 + constants * 11) % 91 - 45);
      numbers[i] = bytes[i] / 64f;
    }
    if (floats) {
      writer.float32(name, shape).data(name, numbers);
    } else {
      writer.int8(name, SCALE * (1 + constants % 3), 0, shape).data(name, bytes);
    }
    return name;
  }

  private String bias() {
    String name = "bias" + constants++;
    if (floats) {
      writer.float32(name, UNITS).data(name, 0.25f, -0.5f);
    } else {
      writer.int32(name, UNITS).data(name, 700, -900);
    }
    return name;
  }

  private TfliteWriter operator(
      int builtin, byte kind, @Nullable Object options, List<String> operands) {
    return writer.operator(builtin, kind, options, operands, List.of("out"));
  }
}
