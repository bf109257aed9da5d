package dev.thimble.kernel;

import dev.thimble.op.Activation;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Rounding;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Size2d;
import dev.thimble.op.Unary;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random chains of int8 tile kernels. */
final class RandomStreams {
  private static final int CHANNELS = 5;

  private final SplittableRandom random;
  private final RandomTensors tensors;

  RandomStreams(SplittableRandom random) {
    this.random = random;
    this.tensors = new RandomTensors(random);
  }

  void addTo(KernelProgram program, int stages) {
    TensorType input = tensors.activations(false, 1, random.nextInt(9, 16), 8, CHANNELS);
    KernelCase first = stage(tensors.fill(input));
    List<Kernel> rest = new ArrayList<>();
    Tensor map = first.expected();
    for (int i = 1; i < stages; i++) {
      KernelCase next = stage(map);
      rest.add(next.kernel());
      map = next.expected();
    }
    program.addStream(first, rest, map);
  }

  private KernelCase stage(Tensor input) {
    TensorType map = input.type();
    Size2d kernel = new Size2d(random.nextInt(1, 4), random.nextInt(1, 4));
    Size2d stride = new Size2d(random.nextInt(1, 3), 1);
    Padding2d padding =
        Padding2d.same(map.shape().dim(1), map.shape().dim(2), kernel, stride, Size2d.ONE);
    return switch (random.nextInt(4)) {
      case 0 -> {
        Tensor filter =
            tensors.filter(false, 0, CHANNELS, kernel.height(), kernel.width(), CHANNELS);
        yield node(
            new Conv2d(stride, Size2d.ONE, padding, 1, Activation.NONE),
            List.of(input, filter, tensors.bias(false, CHANNELS)));
      }
      case 1 -> {
        Tensor filter = tensors.filter(false, 3, 1, kernel.height(), kernel.width(), CHANNELS);
        yield node(
            new DepthwiseConv2d(stride, Size2d.ONE, padding, 1, Activation.NONE),
            List.of(input, filter, tensors.bias(false, CHANNELS)));
      }
      case 2 -> {
        Pool2d op = new Pool2d(Pool2d.Kind2d.AVERAGE, kernel, stride, padding, Activation.NONE);
        yield KernelCase.of(
            RandomTensors.request(
                op, List.of(input), map.withShape(op.outputShape(List.of(map))), Rounding.DOUBLE),
            List.of(input));
      }
      default ->
          KernelCase.of(
              RandomTensors.request(
                  new Unary(Unary.Function.RELU), List.of(input), map, Rounding.DOUBLE),
              List.of(input));
    };
  }

  private KernelCase node(SingleOutputOp op, List<Tensor> inputs) {
    List<TensorType> types = inputs.stream().map(Tensor::type).toList();
    TensorType output = tensors.output(op.outputShape(types), types.get(0), types.get(1), CHANNELS);
    return KernelCase.of(RandomTensors.request(op, inputs, output, Rounding.DOUBLE), inputs);
  }
}
