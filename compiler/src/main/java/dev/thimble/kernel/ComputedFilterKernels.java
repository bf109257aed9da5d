package dev.thimble.kernel;

import dev.thimble.op.Activation;
import dev.thimble.op.Conv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The portable kernel of float convolutions whose filter or bias is computed at run time. */
final class ComputedFilterKernels {
  private static final String NAME = "conv2d_whole_f32";

  private ComputedFilterKernels() {}

  /** Whether a node with a filter needs this kernel. */
  static boolean serves(KernelRequest request) {
    boolean computed = request.constants().get(1).isEmpty() || request.constants().get(2).isEmpty();
    return computed && request.output().isFloat();
  }

  static Kernel conv2d(Conv2d op, KernelRequest request) {
    Shape input = request.input().shape();
    Shape output = request.output().shape();
    ParameterList list = new ParameterList();
    List<Integer> operands = filters(request, list);
    list.int32("batch", input.dim(0))
        .int32("input_height", input.dim(1))
        .int32("input_width", input.dim(2))
        .int32("output_height", output.dim(1))
        .int32("output_width", output.dim(2));
    Size2d size = Selection.kernelSize(request.inputs().get(1));
    channels(list, input.dim(3), request.inputs().get(1).shape(), op.groups(), op.activation());
    window(list, size, op.stride(), op.dilation(), op.padding());
    return kernel(operands, list);
  }

  /** Each row of a matrix product's input as a pixel. */
  static Kernel fullyConnected(FullyConnected op, KernelRequest request) {
    Shape filter = request.inputs().get(1).shape();
    int depth = filter.dim(1);
    int rows = request.input().elements() / depth;
    ParameterList list = new ParameterList();
    List<Integer> operands = filters(request, list);
    list.int32("batch", 1)
        .int32("input_height", 1)
        .int32("input_width", rows)
        .int32("output_height", 1)
        .int32("output_width", rows);
    channels(list, depth, filter, 1, op.activation());
    window(list, Size2d.ONE, Size2d.ONE, Size2d.ONE, Padding2d.NONE);
    return kernel(operands, list);
  }

  private static List<Integer> filters(KernelRequest request, ParameterList list) {
    List<Integer> operands = new ArrayList<>(List.of(0));
    Selection.packed(request, 1, "filter", Parameter.Role.FILTER, list, operands);
    Selection.packed(request, 2, "bias", Parameter.Role.BIAS_REQUANT, list, operands);
    return operands;
  }

  private static void channels(
      ParameterList list, int channels, Shape filter, int groups, Activation activation) {
    list.int32("channels", channels)
        .int32("depth", filter.dim(-1))
        .int32("group_filters", filter.dim(0) / groups)
        .int32("filters", filter.dim(0))
        .float32("min", activation.min())
        .float32("max", activation.max());
  }

  private static void window(
      ParameterList list, Size2d size, Size2d stride, Size2d dilation, Padding2d padding) {
    list.uint16("kernel_height", size.height())
        .uint16("kernel_width", size.width())
        .uint16("stride_height", stride.height())
        .uint16("stride_width", stride.width())
        .uint16("dilation_height", dilation.height())
        .uint16("dilation_width", dilation.width())
        .uint16("top", padding.top())
        .uint16("left", padding.left());
  }

  private static Kernel kernel(List<Integer> operands, ParameterList list) {
    return new Kernel(
        Selection.source("conv2d", NAME),
        NAME,
        new Form.Whole(),
        operands,
        list.toList(),
        0,
        false);
  }
}
