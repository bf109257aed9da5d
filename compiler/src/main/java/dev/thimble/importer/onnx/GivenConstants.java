package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.thimble.importer.GivenConstant;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Inputs that options make constants. What does not fit them is an error of the options. */
final class GivenConstants {
  private final Map<String, GivenConstant> given;
  private final Map<String, List<Integer>> shapes;
  private final Model model;

  GivenConstants(Map<String, GivenConstant> given, Map<String, List<Integer>> shapes, Model model) {
    this.given = given;
    this.shapes = shapes;
    this.model = model;
  }

  boolean has(String input) {
    return given.containsKey(input);
  }

  /** Refuses names that are not among these inputs. */
  void requireInputs(List<ValueInfoProto> inputs) {
    for (String name : given.keySet()) {
      if (inputs.stream().noneMatch(input -> input.getName().equals(name))) {
        throw new IllegalArgumentException(
            "--constant names '"
                + name
                + "', the model's inputs are "
                + inputs.stream().map(input -> "'" + input.getName() + "'").toList());
      }
    }
  }

  /** The operand that an input is as a constant. */
  Operand operand(ValueInfoProto input) {
    String name = input.getName();
    TypeProto type = input.getType();
    Optional<DType> dtype =
        type.hasTensorType()
            ? ElementTypes.of(type.getTensorType().getElemType(), model.narrow())
            : Optional.empty();
    if (dtype.isEmpty()) {
      throw wrong(name, "a value, but it is no tensor of a supported type");
    }
    return switch (given.get(name)) {
      case GivenConstant.Values values -> written(input, dtype.get(), values.numbers());
      case GivenConstant.Array array -> stored(input, dtype.get(), array);
      case null -> throw new IllegalStateException("no constant for " + name);
    };
  }

  private Operand stored(ValueInfoProto input, DType dtype, GivenConstant.Array array) {
    String name = input.getName();
    if (array.dtype() != dtype) {
      throw wrong(
          name, "elements of " + array.dtype().reportName() + ", it has " + dtype.reportName());
    }
    Optional<List<Long>> declared = declared(input);
    boolean fits =
        declared.isEmpty()
            || (declared.get().size() == array.dims().size() && fits(declared.get(), array.dims()));
    if (!fits) {
      throw wrong(name, "the shape " + array.dims() + ", it has " + text(declared.get()));
    }
    return array
        .data()
        .<Operand>map(data -> new Operand.Dense(model.graph().constant(name, data)))
        .orElseGet(() -> new Operand.Empty(dtype, array.dims()));
  }

  private static boolean fits(List<Long> declared, List<Integer> dims) {
    for (int axis = 0; axis < dims.size(); axis++) {
      if (declared.get(axis) > 0 && declared.get(axis) != (long) dims.get(axis)) {
        return false;
      }
    }
    return true;
  }

  private Operand written(ValueInfoProto input, DType dtype, List<String> numbers) {
    String name = input.getName();
    TensorType type = TensorType.of(dtype, shape(input, numbers.size()));
    Tensor data =
        dtype.isFloat()
            ? Tensor.ofFloats(type, reals(name, numbers))
            : Tensor.ofLongs(type, integers(name, dtype, numbers));
    return new Operand.Dense(model.graph().constant(name, data));
  }

  /** The declared shape, where an extent that it leaves open follows from how many there are. */
  private Shape shape(ValueInfoProto input, int count) {
    Optional<List<Long>> declared = declared(input);
    if (declared.isEmpty()) {
      return Shape.of(count);
    }
    List<Integer> dims = new ArrayList<>();
    long known = 1;
    int open = -1;
    for (long extent : declared.get()) {
      boolean isOpen = extent <= 0;
      if (isOpen && open >= 0) {
        throw wrong(
            input.getName(),
            count + " numbers, but it has the shape " + text(declared.get()) + ": add --shape");
      }
      open = isOpen ? dims.size() : open;
      dims.add(isOpen ? 1 : Math.toIntExact(extent));
      known = Math.multiplyExact(known, isOpen ? 1 : extent);
    }
    if (open >= 0 && count % known == 0) {
      dims.set(open, (int) (count / known));
    } else if (known != count) {
      throw wrong(input.getName(), count + " numbers, it has the shape " + text(declared.get()));
    }
    return Shape.of(dims.stream().mapToInt(i -> i).toArray());
  }

  /** The extents that the file or an option states; open ones are 0 or less. */
  private Optional<List<Long>> declared(ValueInfoProto input) {
    List<Integer> option = shapes.get(input.getName());
    if (option != null) {
      return Optional.of(option.stream().map(i -> (long) i).toList());
    }
    if (!input.getType().getTensorType().hasShape()) {
      return Optional.empty();
    }
    return Optional.of(
        input.getType().getTensorType().getShape().getDimList().stream()
            .map(TensorShapeProto.Dimension::getDimValue)
            .toList());
  }

  private static String text(List<Long> dims) {
    return dims.stream().map(dim -> dim > 0 ? "" + dim : "?").toList().toString();
  }

  private static float[] reals(String name, List<String> numbers) {
    float[] reals = new float[numbers.size()];
    for (int i = 0; i < reals.length; i++) {
      try {
        reals[i] = Float.parseFloat(numbers.get(i));
      } catch (NumberFormatException e) {
        throw wrong(name, "'" + numbers.get(i) + "', which is no number");
      }
      if (!Float.isFinite(reals[i])) {
        throw wrong(name, "'" + numbers.get(i) + "', which is no finite number of float32");
      }
    }
    return reals;
  }

  private static long[] integers(String name, DType dtype, List<String> numbers) {
    long[] integers = new long[numbers.size()];
    for (int i = 0; i < integers.length; i++) {
      String text = numbers.get(i);
      boolean truth = dtype == DType.BOOL && (text.equals("true") || text.equals("false"));
      try {
        integers[i] = truth ? (text.equals("true") ? 1 : 0) : Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw wrong(name, "'" + text + "', which is no number of " + dtype.reportName());
      }
      if (integers[i] < dtype.min() || integers[i] > dtype.max()) {
        throw wrong(name, "'" + text + "', which is no number of " + dtype.reportName());
      }
    }
    return integers;
  }

  private static IllegalArgumentException wrong(String name, String what) {
    return new IllegalArgumentException("--constant gives '" + name + "' " + what);
  }
}
