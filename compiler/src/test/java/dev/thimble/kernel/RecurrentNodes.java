package dev.thimble.kernel;

import dev.thimble.op.Activation;
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
}
