package dev.thimble.kernel;

import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What the choices of portable kernels have in common. */
public final class Selection {
  private Selection() {}

  /** The suffix of the kernels for elements of this type; throws where there are none. */
  public static String suffix(KernelRequest request, TensorType type) {
    if (type.isFloat()) {
      return "f32";
    }
    if (type.dtype() == DType.INT8) {
      return "s8";
    }
    throw new KernelException(
        request.op().kind()
            + " of "
            + type.dtype().reportName()
            + " elements; portable kernels take float32 and int8");
  }

  /** Whether a type is int8 with one scale: the elements of most kernels of instruction sets. */
  public static boolean isInt8(TensorType type) {
    return type.dtype() == DType.INT8 && type.quant() instanceof QuantParams.PerTensor;
  }

  /** The path of a kernel file: {@code conv2d/conv2d_s8_portable.c}. */
  public static String source(String folder, String name) {
    return folder + "/" + name + "_portable.c";
  }

  /**
   * The data of an input that a kernel packs; throws where it is computed at run time, and for
   * biases with fractions, which are not what their numbers say.
   */
  public static Tensor constant(KernelRequest request, int input, String name) {
    if (input == 2 && FilterParameters.hasFractions(request)) {
      throw new KernelException(request.op().kind() + ": the kernel takes whole biases");
    }
    return request
        .constants()
        .get(input)
        .orElseThrow(() ->
            new KernelException(
                request.op().kind()
                    + ": the "
                    + name
                    + " is computed at run time; portable kernels take constants"));
  }

  /**
   * A table of an input's elements, or, where they are computed at run time, a null pointer and one
   * operand more.
   */
  static void packed(
      KernelRequest request,
      int input,
      String field,
      Parameter.Role role,
      ParameterList list,
      List<Integer> operands) {
    Optional<Tensor> constant = request.constants().get(input);
    if (constant.isEmpty()) {
      list.absent(field);
      operands.add(input);
    } else if (constant.get().type().isFloat()) {
      list.table(field, role, constant.get().floats());
    } else {
      list.table(field, role, constant.get().type().dtype(), constant.get().ints());
    }
  }

  /** The rows of an NHWC map as a tile kernel's operand that is read pixel after pixel. */
  public static Form.Operand rows(TensorType map, int stride, int left) {
    int pixel = map.shape().dim(3) * map.dtype().bytes();
    return new Form.Operand(
        map.shape().dim(1), rowBytes(map), new Form.Columns(pixel, stride, left));
  }

  public static int rowBytes(TensorType map) {
    return map.shape().dim(2) * map.shape().dim(3) * map.dtype().bytes();
  }

  /**
   * A tile of one operand for an NHWC output, its columns the map's pixels. The kernel finishes a
   * pixel before it begins the next one.
   *
   * @param stride the input columns from one output column's first to the next one's
   * @param left the columns of padding
   */
  public static Form.Tile pixels(
      KernelRequest request,
      Form.RowWindow window,
      int stride,
      int left,
      OptionalInt outside,
      boolean contiguous) {
    TensorType output = request.output();
    Shape shape = output.shape();
    return new Form.Tile(
        shape.dim(0),
        shape.dim(1),
        shape.dim(2),
        rowBytes(output),
        window,
        List.of(rows(request.input(), stride, left)),
        outside,
        contiguous);
  }

  /** The height and width of an OHWI or [1,H,W,C] filter. */
  public static Size2d kernelSize(TensorType filter) {
    return new Size2d(filter.shape().dim(1), filter.shape().dim(2));
  }

  /** The product of some of a shape's extents. */
  public static int product(Shape shape, int fromAxis, int toAxis) {
    int product = 1;
    for (int axis = fromAxis; axis < toAxis; axis++) {
      product *= shape.dim(axis);
    }
    return product;
  }
}
