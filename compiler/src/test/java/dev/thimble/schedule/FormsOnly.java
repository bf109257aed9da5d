package dev.thimble.schedule;

import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelException;
import dev.thimble.kernel.KernelLibrary;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.op.Binary;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Reduce;
import dev.thimble.op.Reshape;
import dev.thimble.op.Softmax;
import dev.thimble.op.Unary;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Kernels without C: the forms that a library of row-wise kernels has. */
final class FormsOnly implements KernelLibrary {
  private final int convolutionScratch;

  FormsOnly(int convolutionScratch) {
    this.convolutionScratch = convolutionScratch;
  }

  @Override
  public Kernel select(KernelRequest request) {
    return switch (request.op()) {
      case Conv2d conv -> kernel(request, convolution(request), convolutionScratch, false);
      case DepthwiseConv2d conv -> kernel(request, convolution(request), 0, false);
      case Pool2d pool -> kernel(request, pooling(pool, request), 0, false);
      case Unary unary -> kernel(request, rows(request, Form.RowWindow.SAME), 0, true);
      case Binary add -> kernel(request, rows(request, Form.RowWindow.SAME), 0, true);
      case Reshape reshape -> kernel(request, new Form.Whole(), 0, true);
      case Softmax softmax -> kernel(request, new Form.Whole(), 0, true);
      case Reduce reduce -> {
        TensorType in = request.input();
        Form.Reduce form =
            new Form.Reduce(1, in.shape().dim(1), rowBytes(in), (int) request.output().bytes());
        yield kernel(request, form, 4 * request.output().elements(), false);
      }
      case dev.thimble.op.FullyConnected fc -> kernel(request, new Form.Whole(), 0, false);
      default -> throw new KernelException("found " + request.op().kind() + ", supported are more");
    };
  }

  @Override
  public Optional<Kernel> fuse(KernelRequest convolution, KernelRequest pooling) {
    if (!(pooling.op() instanceof Pool2d pool)
        || !pool.kernel().equals(pool.stride())
        || !pool.padding().equals(Padding2d.NONE)) {
      return Optional.empty();
    }
    Form.RowWindow conv = convolution(convolution).window();
    Form.RowWindow both =
        new Form.RowWindow(
            (pool.kernel().height() - 1) * conv.stride() + conv.size(),
            pool.stride().height() * conv.stride(),
            conv.before());
    Form.Tile tile = tile(convolution.inputs(), pooling.output(), both, List.of(0));
    return Optional.of(
        new Kernel("fused", "fused", tile, List.of(0), List.of(), convolutionScratch, false));
  }

  private static Kernel kernel(KernelRequest request, Form form, int scratch, boolean inPlace) {
    List<Integer> operands = runtimeOperands(request);
    boolean fits = request.inputs().get(operands.getFirst()).equals(request.output());
    boolean moves = request.op() instanceof Reshape;
    return new Kernel(
        "fake",
        request.op().kind(),
        form,
        operands,
        List.of(),
        scratch,
        inPlace && (fits || moves));
  }

  private static List<Integer> runtimeOperands(KernelRequest request) {
    return IntStream.range(0, request.inputs().size())
        .filter(i -> request.constants().get(i).isEmpty())
        .boxed()
        .toList();
  }

  private static Form.Tile convolution(KernelRequest request) {
    int height = request.inputs().get(1).shape().dim(1);
    Form.RowWindow window =
        switch (request.op()) {
          case Conv2d c -> window(height, c.dilation().height(), c.stride().height(), c.padding());
          case DepthwiseConv2d c ->
              window(height, c.dilation().height(), c.stride().height(), c.padding());
          default -> throw new IllegalArgumentException("no convolution");
        };
    return rows(request, window);
  }

  private static Form.RowWindow window(int height, int dilation, int stride, Padding2d padding) {
    return new Form.RowWindow((height - 1) * dilation + 1, stride, padding.top());
  }

  private static Form.Tile pooling(Pool2d pool, KernelRequest request) {
    return rows(request, window(pool.kernel().height(), 1, pool.stride().height(), pool.padding()));
  }

  private static Form.Tile rows(KernelRequest request, Form.RowWindow window) {
    return tile(request.inputs(), request.output(), window, runtimeOperands(request));
  }

  private static Form.Tile tile(
      List<TensorType> inputs, TensorType output, Form.RowWindow window, List<Integer> operands) {
    return new Form.Tile(
        rank4(output) ? output.shape().dim(0) : 1,
        rank4(output) ? output.shape().dim(1) : 1,
        rank4(output) ? output.shape().dim(2) : output.elements(),
        rowBytes(output),
        window,
        operands.stream().map(inputs::get).map(FormsOnly::operand).toList(),
        OptionalInt.empty(),
        false);
  }

  private static Form.Operand operand(TensorType type) {
    return new Form.Operand(rank4(type) ? type.shape().dim(1) : 1, rowBytes(type));
  }

  private static int rowBytes(TensorType type) {
    Shape shape = type.shape();
    return (int) (type.bytes() / (rank4(type) ? shape.dim(0) * shape.dim(1) : 1));
  }

  private static boolean rank4(TensorType type) {
    return type.shape().rank() == 4;
  }
}
