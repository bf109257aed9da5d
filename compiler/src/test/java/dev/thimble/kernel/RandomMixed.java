package dev.thimble.kernel;

import dev.thimble.op.Activation;
import dev.thimble.op.Dequantize;
import dev.thimble.op.MixedConv2d;
import dev.thimble.op.MixedConv2d.Scaling;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Quantize;
import dev.thimble.op.Requantize;
import dev.thimble.op.Rounding;
import dev.thimble.op.SingleOutputOp;
import dev.thimble.op.Size2d;
import dev.thimble.op.TransposedConv2d;
import dev.thimble.op.WindowPool2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Random nodes of element types other than float32 and int8 throughout. */
final class RandomMixed {
  private final SplittableRandom random;
  private final RandomTensors tensors;
  private final Rounding rounding;
  private final List<KernelCase> cases = new ArrayList<>();

  RandomMixed(SplittableRandom random, Rounding rounding) {
    this.random = random;
    this.tensors = new RandomTensors(random);
    this.rounding = rounding;
  }

  /** A case of each combination of types. */
  List<KernelCase> next() {
    cases.clear();
    unsignedFilter();
    for (DType bias : List.of(DType.INT64, DType.INT32)) {
      int16(bias);
      transposed(bias);
    }
    dynamic(Scaling.DYNAMIC_SYMMETRIC);
    dynamic(Scaling.DYNAMIC_ASYMMETRIC);
    dynamic(Scaling.WEIGHTS);
    fewBits();
    pools();
    conversions();
    return List.copyOf(cases);
  }

  /** Sums of the largest products of int16 and int8, of four filters at a time and of one. */
  KernelCase largest() {
    Tensor input = constant(type(DType.INT16, 1, 1, 1, 600), Short.MIN_VALUE);
    QuantParams scale = new QuantParams.PerTensor(tensors.scale(), 0);
    TensorType type = new TensorType(DType.INT8, Shape.of(5, 1, 1, 600), scale);
    Tensor filter = constant(type, Byte.MIN_VALUE);
    MixedConv2d op =
        new MixedConv2d(Size2d.ONE, Size2d.ONE, Padding2d.NONE, 1, Scaling.DOUBLE, Activation.NONE);
    List<Tensor> inputs = List.of(input, filter, bias(DType.INT64, 5));
    TensorType output = output(op, inputs, DType.INT16, 1 << 14);
    return KernelCase.of(RandomTensors.request(op, inputs, output, rounding), inputs);
  }

  private static Tensor constant(TensorType type, int element) {
    int[] elements = new int[type.elements()];
    Arrays.fill(elements, element);
    return Tensor.ofInts(type, elements);
  }

  private int upTo(int most) {
    return random.nextInt(1, most + 1);
  }

  private Activation activation() {
    return Activation.values()[random.nextInt(Activation.values().length)];
  }

  private TensorType type(DType dtype, int... dims) {
    int zeroPoint =
        switch (dtype) {
          case UINT8 -> random.nextInt(256);
          case INT8 -> tensors.zeroPoint();
          default -> 0;
        };
    return new TensorType(
        dtype, Shape.of(dims), new QuantParams.PerTensor(tensors.scale(), zeroPoint));
  }

  private Tensor fill(TensorType type) {
    if (type.isFloat() || type.dtype() == DType.INT8) {
      return tensors.fill(type);
    }
    int min = type.dtype().minValue() >> (type.dtype() == DType.INT32 ? 8 : 0);
    int max = type.dtype().maxValue() >> (type.dtype() == DType.INT32 ? 8 : 0);
    return Tensor.ofInts(type, random.ints(type.elements(), min, max + 1).toArray());
  }

  private void add(SingleOutputOp op, List<Tensor> inputs, TensorType output) {
    op.check(inputs.stream().map(Tensor::type).toList(), List.of(output));
    cases.add(KernelCase.of(RandomTensors.request(op, inputs, output, rounding), inputs));
  }

  /** A convolution of this input and filter, whose groups it has. */
  private MixedConv2d convolution(Shape input, Shape filter, Scaling scaling) {
    Size2d kernel = new Size2d(filter.dim(1), filter.dim(2));
    Size2d stride = new Size2d(upTo(3), upTo(3));
    Size2d dilation = random.nextBoolean() ? Size2d.ONE : new Size2d(upTo(2), upTo(2));
    Padding2d same = Padding2d.same(input.dim(1), input.dim(2), kernel, stride, dilation);
    int spanY = (kernel.height() - 1) * dilation.height() + 1;
    int spanX = (kernel.width() - 1) * dilation.width() + 1;
    Padding2d padding =
        new Padding2d(
            same.top(),
            Math.max(same.bottom(), spanY - 1),
            same.left(),
            Math.max(same.right(), spanX - 1));
    int groups = input.dim(3) / filter.dim(3);
    return new MixedConv2d(stride, dilation, padding, groups, scaling, activation());
  }

  private Shape filterShape(int groups, int depth) {
    return Shape.of(groups * upTo(3), upTo(3), upTo(3), depth);
  }

  private TensorType output(SingleOutputOp op, List<Tensor> inputs, DType dtype, double magnitude) {
    List<TensorType> types = inputs.stream().map(Tensor::type).toList();
    Shape shape = op.outputShape(types);
    int taps = types.get(1).shape().elements() / types.get(1).shape().dim(0);
    double scale = types.get(0).scale() * types.get(1).scaleOf(0) * Math.sqrt(taps) * magnitude;
    int zeroPoint = dtype == DType.INT16 ? 0 : tensors.zeroPoint();
    return new TensorType(dtype, shape, new QuantParams.PerTensor((float) scale, zeroPoint));
  }

  private void unsignedFilter() {
    int groups = upTo(3);
    int depth = upTo(4);
    Tensor input = fill(type(DType.INT8, upTo(2), upTo(5), upTo(5), groups * depth));
    DType dtype = random.nextInt(4) == 0 ? DType.INT8 : DType.UINT8;
    Tensor filter = fill(type(dtype, filterShape(groups, depth).dims()));
    MixedConv2d op = convolution(input.shape(), filter.shape(), Scaling.FLOAT);
    List<Tensor> inputs = List.of(input, filter, tensors.bias(false, filter.shape().dim(0)));
    add(op, inputs, output(op, inputs, DType.INT8, 60));
  }

  private Tensor bias(DType dtype, int channels) {
    TensorType type = TensorType.of(dtype, Shape.of(channels));
    long bound = dtype == DType.INT32 ? 100_000 : random.nextBoolean() ? 100_000 : 1L << 36;
    return Tensor.ofLongs(type, random.longs(channels, -bound, bound).toArray());
  }

  private void int16(DType bias) {
    int groups = upTo(3);
    int depth = upTo(4);
    Tensor input = fill(type(DType.INT16, upTo(2), upTo(5), upTo(5), groups * depth));
    Tensor filter = tensors.filter(false, 0, filterShape(groups, depth).dims());
    Scaling scaling = random.nextBoolean() ? Scaling.DOUBLE : Scaling.FLOAT;
    MixedConv2d op = convolution(input.shape(), filter.shape(), scaling);
    List<Tensor> inputs = List.of(input, filter, bias(bias, filter.shape().dim(0)));
    add(op, inputs, output(op, inputs, DType.INT16, 60));
  }

  private void transposed(DType bias) {
    Tensor input = fill(type(DType.INT16, upTo(2), upTo(4), upTo(4), upTo(3)));
    Tensor filter = tensors.filter(false, 0, upTo(4), upTo(3), upTo(3), input.shape().dim(3));
    TransposedConv2d op =
        new TransposedConv2d(
            new Size2d(upTo(2), upTo(2)), Size2d.ONE, Padding2d.NONE, 0, 1, 1, activation());
    List<Tensor> inputs = List.of(input, filter, bias(bias, filter.shape().dim(0)));
    add(op, inputs, output(op, inputs, DType.INT16, 60));
  }

  private void dynamic(Scaling scaling) {
    int groups = upTo(2);
    int depth = upTo(4);
    Tensor input = fill(TensorType.float32(upTo(2), upTo(5), upTo(5), groups * depth));
    if (random.nextInt(4) == 0) {
      input = Tensor.ofFloats(input.type(), new float[input.type().elements()]);
    }
    Tensor filter = tensors.filter(false, 0, filterShape(groups, depth).dims());
    MixedConv2d op = convolution(input.shape(), filter.shape(), scaling);
    List<Tensor> inputs = List.of(input, filter, tensors.bias(true, filter.shape().dim(0)));
    List<TensorType> types = inputs.stream().map(Tensor::type).toList();
    add(op, inputs, TensorType.of(DType.FLOAT32, op.outputShape(types)));
  }

  /** Filters of 4 bits, of enough elements to be packed. */
  private void fewBits() {
    int groups = upTo(2);
    int depth = 8 * upTo(2);
    Tensor input = fill(TensorType.float32(upTo(2), upTo(5), upTo(5), groups * depth));
    Shape shape = Shape.of(4 * groups, upTo(3), upTo(3), depth);
    Tensor wide = tensors.filter(false, 0, shape.dims());
    int[] few = Arrays.stream(wide.ints()).map(w -> w >> 4).toArray();
    Tensor filter = Tensor.ofInts(wide.type(), few);
    MixedConv2d op = convolution(input.shape(), shape, Scaling.WEIGHTS);
    List<Tensor> inputs = List.of(input, filter, tensors.bias(true, filter.shape().dim(0)));
    List<TensorType> types = inputs.stream().map(Tensor::type).toList();
    add(op, inputs, TensorType.of(DType.FLOAT32, op.outputShape(types)));
  }

  private void pools() {
    for (DType dtype : List.of(DType.UINT8, DType.INT16)) {
      Tensor input = fill(type(dtype, upTo(2), 1 + upTo(4), 1 + upTo(4), upTo(4)));
      for (WindowPool2d.Function function :
          List.of(WindowPool2d.Function.MAX, WindowPool2d.Function.AVERAGE)) {
        WindowPool2d op =
            new WindowPool2d(
                function,
                1,
                new Size2d(2, 2),
                new Size2d(upTo(2), upTo(2)),
                Size2d.ONE,
                new Padding2d(0, 1, 1, 0),
                Padding2d.NONE,
                activation());
        TensorType type = input.type();
        add(op, List.of(input), type.withShape(op.outputShape(List.of(type))));
      }
    }
  }

  private void conversions() {
    int[] dims = {2, 3, upTo(3), upTo(9)};
    List<DType> dtypes = List.of(DType.INT8, DType.UINT8, DType.INT16, DType.INT32);
    for (DType from : dtypes) {
      for (DType to : dtypes) {
        TensorType input = type(from, dims);
        float scale = from == DType.INT32 ? input.scale() * 3 : tensors.scale();
        TensorType output =
            new TensorType(
                to, Shape.of(dims), new QuantParams.PerTensor(scale, type(to).zeroPoint()));
        add(new Requantize(), List.of(fill(input)), output);
      }
    }
    TensorType bytes = type(DType.UINT8, dims);
    add(
        new Requantize(),
        List.of(fill(bytes)),
        TensorType.int8(bytes.scale(), bytes.zeroPoint() - 128, dims));
    for (DType dtype : List.of(DType.UINT8, DType.INT16)) {
      TensorType stored = type(dtype, dims);
      add(new Dequantize(), List.of(fill(stored)), TensorType.float32(dims));
      add(new Quantize(), List.of(fill(TensorType.float32(dims))), stored);
    }
  }
}
