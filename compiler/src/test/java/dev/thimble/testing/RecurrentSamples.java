package dev.thimble.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BidirectionalSequenceLSTMOptionsT;
import org.tensorflow.lite.schema.BufferT;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.CallOnceOptionsT;
import org.tensorflow.lite.schema.ModelT;
import org.tensorflow.lite.schema.OperatorT;
import org.tensorflow.lite.schema.RNNOptionsT;
import org.tensorflow.lite.schema.SequenceRNNOptionsT;
import org.tensorflow.lite.schema.SubGraphT;
import org.tensorflow.lite.schema.TensorT;
import org.tensorflow.lite.schema.TensorType;
import org.tensorflow.lite.schema.UnidirectionalSequenceLSTMOptionsT;
import org.tensorflow.lite.schema.VarHandleOptionsT;

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
    for (int builtin :
        List.of(
            BuiltinOperator.VAR_HANDLE,
            BuiltinOperator.READ_VARIABLE,
            BuiltinOperator.ASSIGN_VARIABLE,
            BuiltinOperator.CALL_ONCE)) {
      models.put(builtin, new RecurrentSamples(floats).variable());
    }
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
    options.setTimeMajor(false);
    return operator(
        BuiltinOperator.BIDIRECTIONAL_SEQUENCE_LSTM,
        BuiltinOptions.BidirectionalSequenceLSTMOptions,
        options,
        operands);
  }

  /** What the variable holds is added to the input, which becomes what it holds. */
  private TfliteWriter variable() {
    activations("in", 3, 1, DEPTH).input("in");
    activations("held", 3, 1, DEPTH);
    activations("out", 3, 1, DEPTH).output("out");
    writer.tensor("handle", TensorType.RESOURCE);
    VarHandleOptionsT handle = new VarHandleOptionsT();
    handle.setSharedName("frame");
    CallOnceOptionsT once = new CallOnceOptionsT();
    once.setInitSubgraphIndex(1);
    return writer
        .operator(
            BuiltinOperator.CALL_ONCE, BuiltinOptions.CallOnceOptions, once, List.of(), List.of())
        .operator(
            BuiltinOperator.VAR_HANDLE,
            BuiltinOptions.VarHandleOptions,
            handle,
            List.of(),
            List.of("handle"))
        .operator(BuiltinOperator.READ_VARIABLE, List.of("handle"), List.of("held"))
        .operator(BuiltinOperator.ASSIGN_VARIABLE, List.of("handle", "in"), List.of())
        .add("in", "held", "out", ActivationFunctionType.NONE)
        .edit(this::addFirstContent);
  }

  /** The subgraph that CALL_ONCE runs assigns constants to the variable. */
  private void addFirstContent(ModelT model) {
    SubGraphT main = model.getSubgraphs()[0];
    TensorT handle = main.getTensors()[3];
    TensorT held = main.getTensors()[1];
    TensorT first = new TensorT();
    first.setName("first");
    first.setType(held.getType());
    first.setShape(held.getShape());
    first.setBuffer(model.getBuffers().length);
    BufferT buffer = new BufferT();
    int[] bytes = new int[DEPTH * (floats ? Float.BYTES : 1)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = floats && i % 4 == 3 ? 0x3F : i;
    }
    buffer.setData(bytes);
    List<BufferT> buffers = new ArrayList<>(List.of(model.getBuffers()));
    buffers.add(buffer);
    model.setBuffers(buffers.toArray(new BufferT[0]));
    OperatorT name = main.getOperators()[1];
    OperatorT assign = new OperatorT();
    assign.setOpcodeIndex(main.getOperators()[3].getOpcodeIndex());
    assign.setInputs(new int[] {0, 1});
    assign.setOutputs(new int[0]);
    assign.setCustomOptions(null);
    OperatorT named = new OperatorT();
    named.setOpcodeIndex(name.getOpcodeIndex());
    named.setInputs(new int[0]);
    named.setOutputs(new int[] {0});
    named.setCustomOptions(null);
    named.setBuiltinOptions(name.getBuiltinOptions());
    SubGraphT init = new SubGraphT();
    init.setName("init");
    init.setTensors(new TensorT[] {handle, first});
    init.setInputs(new int[0]);
    init.setOutputs(new int[0]);
    init.setOperators(new OperatorT[] {named, assign});
    model.setSubgraphs(new SubGraphT[] {main, init});
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
