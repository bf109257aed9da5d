package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.thimble.importer.ImportOptions;
import dev.thimble.importer.ModelException;
import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.Order;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The graph's inputs: those that have no initializer. A batch of unknown size is 1; every other
 * unknown extent must be given as an option.
 */
final class Inputs {
  private final GraphProto graph;
  private final Scope scope;
  private final Model model;
  private final Map<String, List<Integer>> given;
  private final InputOrders orders;
  private final GivenConstants constants;

  Inputs(GraphProto graph, Scope scope, Model model, ImportOptions options) {
    this.graph = graph;
    this.scope = scope;
    this.model = model;
    this.given = options.shapes();
    this.orders = new InputOrders(graph);
    this.constants = new GivenConstants(options.constants(), options.shapes(), model);
  }

  List<LaidOut> define() {
    List<ValueInfoProto> inputs =
        graph.getInputList().stream()
            .filter(input -> scope.find(input.getName()).isEmpty())
            .toList();
    for (String name : given.keySet()) {
      if (inputs.stream().noneMatch(input -> input.getName().equals(name))) {
        throw new IllegalArgumentException(
            "--shape names '"
                + name
                + "', the model's inputs are "
                + inputs.stream().map(input -> "'" + input.getName() + "'").toList());
      }
    }
    constants.requireInputs(inputs);
    List<LaidOut> tensors = new ArrayList<>();
    for (ValueInfoProto input : inputs) {
      if (constants.has(input.getName())) {
        scope.define(input.getName(), constants.operand(input));
        continue;
      }
      try {
        LaidOut tensor = input(input);
        scope.define(input.getName(), new Operand.Dense(tensor));
        tensors.add(tensor);
      } catch (UnsupportedNode e) {
        model.findings().add("graph input " + Source.quoted(input.getName()) + ": " + e.finding());
        scope.define(input.getName(), new Operand.Unknown());
      }
    }
    return tensors;
  }

  private LaidOut input(ValueInfoProto input) {
    String name = input.getName();
    if (name.isEmpty()) {
      throw model.source().malformed("graph input", "has no name");
    }
    TypeProto type = input.getType();
    if (!type.hasTensorType()) {
      throw new UnsupportedNode("a sequence, map or optional value", "tensors");
    }
    int code = type.getTensorType().getElemType();
    Optional<DType> dtype = ElementTypes.of(code, model.narrow());
    if (dtype.isEmpty()) {
      throw new UnsupportedNode(ElementTypes.name(code), ElementTypes.SUPPORTED);
    }
    Shape shape =
        shape(
            name,
            type.getTensorType().hasShape()
                ? Optional.of(type.getTensorType().getShape())
                : Optional.empty());
    Order order = orders.of(name, shape.rank());
    return model.graph().input(name, TensorType.of(dtype.get(), shape), order);
  }

  private Shape shape(String name, Optional<TensorShapeProto> declared) {
    List<Integer> option = given.get(name);
    if (declared.isEmpty()) {
      if (option == null) {
        throw missing(name, "no shape");
      }
      return held(name, option.stream().map(i -> (long) i).toList(), true);
    }
    List<TensorShapeProto.Dimension> dims = declared.get().getDimList();
    if (option != null && option.size() != dims.size()) {
      throw new IllegalArgumentException(
          "--shape gives '" + name + "' " + option.size() + " axes, it has " + dims.size());
    }
    List<Long> extents = new ArrayList<>();
    for (int axis = 0; axis < dims.size(); axis++) {
      extents.add(extent(name, dims, axis, option));
    }
    return held(name, extents, option != null);
  }

  /** The shape, unless its elements are more than memory can hold. */
  private Shape held(String name, List<Long> extents, boolean given) {
    long elements = 1;
    for (long extent : extents) {
      // The product of two numbers up to the bound cannot overflow.
      elements *= Math.min(extent, TensorDecoder.MAX_ELEMENTS + 1L);
      if (elements > TensorDecoder.MAX_ELEMENTS) {
        String what = extents + ", of more than " + TensorDecoder.MAX_ELEMENTS + " elements";
        if (given) {
          throw new IllegalArgumentException("--shape gives '" + name + "' the shape " + what);
        }
        throw ModelException.at(
            model.source().file(),
            "graph input " + Source.quoted(name),
            "has the shape " + what,
            "give a model that a microcontroller could hold");
      }
    }
    return Shape.of(extents.stream().mapToInt(Math::toIntExact).toArray());
  }

  private long extent(
      String name,
      List<TensorShapeProto.Dimension> dims,
      int axis,
      @org.jspecify.annotations.Nullable List<Integer> option) {
    long stored = dims.get(axis).getDimValue();
    boolean known = dims.get(axis).hasDimValue() && stored > 0;
    if (option != null) {
      int wanted = option.get(axis);
      if (known && stored != wanted) {
        throw new IllegalArgumentException(
            "--shape gives axis "
                + axis
                + " of '"
                + name
                + "' "
                + wanted
                + " entries, the model "
                + "has "
                + stored);
      }
      return wanted;
    }
    if (known) {
      return stored;
    }
    if (axis > 0) {
      throw missing(name, "a shape of unknown extents, " + text(dims));
    }
    return 1;
  }

  private static String text(List<TensorShapeProto.Dimension> dims) {
    return dims.stream()
        .map(dim ->
            dim.hasDimValue()
                ? "" + dim.getDimValue()
                : dim.getDimParam().isEmpty() ? "?" : dim.getDimParam())
        .toList()
        .toString();
  }

  private ModelException missing(String name, String what) {
    return ModelException.at(
        model.source().file(),
        "graph input " + Source.quoted(name),
        "has " + what,
        "give all of its extents: --shape " + name + "=1,...");
  }
}
