package dev.thimble.kernel;

import dev.thimble.op.Activation;
import dev.thimble.op.Gate;
import dev.thimble.op.Gru;
import dev.thimble.op.Lstm;
import dev.thimble.op.Op;
import dev.thimble.op.Recurrence;
import dev.thimble.op.Rnn;
import dev.thimble.op.Rounding;
import dev.thimble.op.SvdfMemory;
import dev.thimble.op.SvdfOutput;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomGraphs;
import dev.thimble.testing.RandomTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Random nodes that carry something from frame to frame, with their data. */
final class RecurrentNodes {
  private final SplittableRandom random;
  private final RandomTensors tensors;
  private final Rounding rounding;

  RecurrentNodes(SplittableRandom random, Rounding rounding) {
    this.random = random;
    this.tensors = new RandomTensors(random);
    this.rounding = rounding;
  }

  KernelCase svdfMemory(boolean floats, boolean wide) {
    int batch = random.nextInt(1, 3);
    int filters = random.nextInt(1, 7);
    int depth = random.nextInt(1, 20);
    TensorType memory = memory(floats, wide, batch, filters * random.nextInt(1, 9));
    TensorType frame = tensors.activations(floats, batch, depth);
    List<Tensor> inputs =
        List.of(
            RandomGraphs.tensor(memory, random),
            tensors.fill(frame),
            symmetric(floats, DType.INT8, filters, depth));
    KernelRequest request =
        new KernelRequest(
            new SvdfMemory(),
            inputs.stream().map(Tensor::type).toList(),
            List.of(Optional.empty(), Optional.empty(), Optional.of(inputs.get(2))),
            List.of(memory),
            rounding);
    new SvdfMemory().check(request.inputs(), memory);
    return KernelCase.of(request, inputs);
  }

  KernelCase svdfOutput(boolean floats, boolean wide) {
    int batch = random.nextInt(1, 3);
    int units = random.nextInt(1, 5);
    int rank = random.nextInt(1, 4);
    int frames = random.nextInt(1, 12);
    int filters = units * rank;
    TensorType memory = memory(floats, wide, batch, filters * frames);
    Tensor filter = symmetric(floats, wide ? DType.INT16 : DType.INT8, filters, frames);
    Activation activation =
        floats ? Activation.values()[random.nextInt(Activation.values().length)] : Activation.NONE;
    SvdfOutput op = new SvdfOutput(rank, activation);
    List<Tensor> inputs =
        List.of(RandomGraphs.tensor(memory, random), filter, tensors.bias(floats, units));
    float products = floats ? 0 : memory.scale() * filter.type().scale() * (wide ? 3e6f : 100);
    TensorType output =
        floats
            ? TensorType.float32(batch, units)
            : TensorType.int8(products, tensors.zeroPoint(), batch, units);
    op.check(inputs.stream().map(Tensor::type).toList(), output);
    return KernelCase.of(RandomTensors.request(op, inputs, output, rounding), inputs);
  }

  private TensorType memory(boolean floats, boolean wide, int... dims) {
    return floats
        ? TensorType.float32(dims)
        : new TensorType(
            wide ? DType.INT16 : DType.INT8,
            Shape.of(dims),
            new QuantParams.PerTensor(tensors.scale() * (wide ? 0.02f : 1), 0));
  }

  private Tensor symmetric(boolean floats, DType dtype, int... dims) {
    return RandomGraphs.tensor(
        floats
            ? TensorType.float32(dims)
            : new TensorType(dtype, Shape.of(dims), new QuantParams.PerTensor(tensors.scale(), 0)),
        random);
  }

  /** Simple recurrent and gated nodes, in float. */
  List<KernelCase> overFrames() {
    int units = random.nextInt(1, 7);
    int depth = random.nextInt(1, 7);
    TensorType frames = frames(TensorType.float32(1), depth);
    Recurrence steps = steps(frames);
    Tensor first = floats(steps.batch(frames), units);
    Rnn rnn = new Rnn(steps, gate(), clip());
    Gru gru = new Gru(steps, gate(), gate(), clip(), random.nextBoolean());
    return List.of(
        constant(
            rnn,
            List.of(
                tensors.fill(frames),
                filter(units, depth),
                filter(units, units),
                floats(units),
                first),
            List.of(4)),
        constant(
            gru,
            List.of(
                tensors.fill(frames),
                filter(3 * units, depth),
                filter(3 * units, units),
                floats(3 * units),
                floats(3 * units),
                first),
            List.of(5)));
  }

  KernelCase lstm() {
    int units = random.nextInt(1, 7);
    int depth = random.nextInt(1, 7);
    TensorType frames = frames(TensorType.float32(1), depth);
    Recurrence steps = steps(frames);
    Lstm op =
        random.nextBoolean()
            ? Lstm.of(steps)
            : new Lstm(steps, gate(), gate(), gate(), clip(), clip(), random.nextBoolean());
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(tensors.fill(frames));
    inputs.add(filter(4 * units, depth));
    inputs.add(filter(4 * units, units));
    inputs.add(floats(4 * units));
    inputs.add(floats(steps.batch(frames), units));
    inputs.add(floats(steps.batch(frames), units));
    if (random.nextBoolean()) {
      inputs.add(floats(3 * units));
    }
    return constant(op, inputs, List.of(4, 5));
  }

  KernelCase quantizedLstm() {
    int units = random.nextInt(1, 7);
    int depth = random.nextInt(1, 9);
    TensorType frames = frames(tensors.activations(false, 1), depth);
    Recurrence steps = steps(frames);
    int batch = steps.batch(frames);
    TensorType state = TensorType.int8(1f / 128, random.nextInt(-20, 20), batch, units);
    TensorType cell =
        new TensorType(
            DType.INT16,
            Shape.of(batch, units),
            new QuantParams.PerTensor(Math.scalb(1f, random.nextInt(-15, -8)), 0));
    Lstm op =
        new Lstm(
            steps,
            Gate.SIGMOID,
            random.nextInt(4) == 0 ? Gate.SIGMOID : Gate.TANH,
            Gate.TANH,
            0,
            random.nextInt(3) == 0 ? 2 : 0,
            false);
    List<Tensor> inputs =
        List.of(
            tensors.fill(frames),
            rows(4 * units, depth),
            rows(4 * units, units),
            tensors.bias(false, 4 * units),
            tensors.fill(state),
            RandomGraphs.tensor(cell, random));
    return constant(op, inputs, List.of(4, 5));
  }

  /** A filter of int8 with a scale for each row. */
  private Tensor rows(int rows, int depth) {
    List<Float> scales = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      scales.add((float) random.nextDouble(0.001, 0.05));
    }
    TensorType type =
        new TensorType(DType.INT8, Shape.of(rows, depth), new QuantParams.PerChannel(0, scales));
    return RandomGraphs.tensor(type, random);
  }

  /** A node whose inputs are constants but for the frames and those listed. */
  private KernelCase constant(Op op, List<Tensor> inputs, List<Integer> computed) {
    List<TensorType> types = inputs.stream().map(Tensor::type).toList();
    List<Shape> shapes = op.outputShapes(types);
    List<TensorType> outputs = new ArrayList<>();
    List<Optional<Tensor>> constants = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      constants.add(i == 0 || computed.contains(i) ? Optional.empty() : Optional.of(inputs.get(i)));
    }
    for (int i = 0; i < shapes.size(); i++) {
      outputs.add(types.get(computed.get(i)).withShape(shapes.get(i)));
    }
    op.check(types, outputs);
    return KernelCase.of(new KernelRequest(op, types, constants, outputs, rounding), inputs);
  }

  private TensorType frames(TensorType like, int depth) {
    return like.withShape(Shape.of(random.nextInt(1, 4), random.nextInt(1, 4), depth));
  }

  private Recurrence steps(TensorType frames) {
    boolean timeMajor = random.nextBoolean();
    Recurrence all =
        new Recurrence(timeMajor, random.nextBoolean(), random.nextBoolean(), List.of());
    if (random.nextBoolean()) {
      return all;
    }
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < all.batch(frames); i++) {
      lengths.add(random.nextInt(1, all.steps(frames) + 1));
    }
    return new Recurrence(timeMajor, all.reverse(), all.last(), lengths);
  }

  private Gate gate() {
    Gate.Function[] functions = Gate.Function.values();
    float alpha = (float) random.nextDouble(0.1, 0.5);
    return new Gate(functions[random.nextInt(functions.length)], alpha, 0.4f);
  }

  private float clip() {
    return random.nextBoolean() ? 0 : (float) random.nextDouble(0.2, 2);
  }

  private Tensor floats(int... dims) {
    return tensors.fill(TensorType.float32(dims));
  }

  /** Small weights, so that nothing grows from frame to frame. */
  private Tensor filter(int rows, int depth) {
    float[] weights = new float[rows * depth];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextDouble(-0.3, 0.3);
    }
    return Tensor.ofFloats(TensorType.float32(rows, depth), weights);
  }
}
