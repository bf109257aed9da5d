package dev.thimble.kernel;

import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Reduce;
import dev.thimble.op.Reshape;
import dev.thimble.op.Rounding;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Size2d;
import dev.thimble.op.Unary;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random nodes on maps [1,1,W,C], as networks over time have them. */
final class NodesOverTime {
  private final SplittableRandom random;
  private final RandomTensors tensors;
  private final Rounding rounding;

  NodesOverTime(SplittableRandom random, Rounding rounding) {
    this.random = random;
    this.tensors = new RandomTensors(random);
    this.rounding = rounding;
  }

  /** A node of each kind that runs by rows. */
  List<KernelCase> next(boolean floats) {
    int width = random.nextInt(2, 16);
    int channels = random.nextInt(1, 10);
    TensorType map = tensors.activations(floats, 1, 1, width, channels);
    Size2d kernel = new Size2d(1, random.nextInt(1, Math.min(5, width) + 1));
    Size2d stride = new Size2d(1, random.nextInt(1, 4));
    Padding2d padding =
        random.nextBoolean()
            ? Padding2d.NONE
            : Padding2d.same(1, width, kernel, stride, Size2d.ONE);
    Tensor input = tensors.fill(map);
    List<KernelCase> cases = new ArrayList<>(filtered(input, kernel, stride, padding));
    for (Pool2d.Kind2d kind : Pool2d.Kind2d.values()) {
      Pool2d pool = new Pool2d(kind, kernel, stride, padding, Activation.RELU);
      cases.add(node(pool, List.of(input), map.withShape(pool.outputShape(List.of(map)))));
    }
    Pool2d whole =
        new Pool2d(
            Pool2d.Kind2d.AVERAGE,
            new Size2d(1, width),
            Size2d.ONE,
            Padding2d.NONE,
            Activation.NONE);
    cases.add(node(whole, List.of(input), map.withShape(whole.outputShape(List.of(map)))));
    Reduce mean = new Reduce(Reduce.Function.MEAN, List.of(1, 2), true);
    cases.add(node(mean, List.of(input), map.withShape(mean.outputShape(List.of(map)))));
    cases.add(node(new Unary(Unary.Function.RELU), List.of(input), map));
    cases.add(
        node(
            new Binary(Binary.Function.ADD, Activation.NONE),
            List.of(input, tensors.fill(map)),
            map));
    Shape flat = Shape.of(1, width, channels);
    cases.add(node(new Reshape(flat), List.of(input), map.withShape(flat)));
    return cases;
  }

  /** Nodes with filters of one row and padding above or below their map of one row. */
  List<KernelCase> padded(boolean floats) {
    int width = random.nextInt(2, 7);
    TensorType map = tensors.activations(floats, 1, 1, width, random.nextInt(1, 10));
    Size2d kernel = new Size2d(1, random.nextInt(1, Math.min(3, width) + 1));
    Size2d stride = new Size2d(random.nextInt(1, 3), 1);
    Padding2d padding =
        new Padding2d(random.nextInt(3), random.nextInt(1, 3), random.nextInt(2), 0);
    return filtered(tensors.fill(map), kernel, stride, padding);
  }

  private List<KernelCase> filtered(Tensor input, Size2d kernel, Size2d stride, Padding2d padding) {
    boolean floats = input.type().isFloat();
    int channels = input.type().shape().dim(3);
    int filters = random.nextInt(1, 10);
    Conv2d conv = new Conv2d(stride, Size2d.ONE, padding, 1, Activation.NONE);
    Tensor filter = tensors.filter(floats, 0, filters, 1, kernel.width(), channels);
    DepthwiseConv2d depthwise =
        new DepthwiseConv2d(stride, Size2d.ONE, padding, 2, Activation.RELU);
    Tensor each = tensors.filter(floats, 3, 1, 1, kernel.width(), channels * 2);
    return List.of(
        filtered(conv, List.of(input, filter, tensors.bias(floats, filters))),
        filtered(depthwise, List.of(input, each, tensors.bias(floats, channels * 2))));
  }

  private KernelCase filtered(SingleOutputOp op, List<Tensor> inputs) {
    List<TensorType> types = inputs.stream().map(Tensor::type).toList();
    int taps = inputs.get(1).type().elements();
    return node(
        op, inputs, tensors.output(op.outputShape(types), types.get(0), types.get(1), taps));
  }

  private KernelCase node(SingleOutputOp op, List<Tensor> inputs, TensorType output) {
    op.check(inputs.stream().map(Tensor::type).toList(), List.of(output));
    KernelRequest request = RandomTensors.request(op, inputs, output, rounding);
    boolean rows = output.shape().rank() == 4 && output.shape().dim(1) > 1;
    return rows ? KernelCase.of(request, inputs) : KernelCase.byRows(request, inputs);
  }
}
