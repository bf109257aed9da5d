package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.graph.State;
import dev.thimble.graph.Value;
import dev.thimble.op.Reshape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.CallOnceOptions;
import org.tensorflow.lite.schema.VarHandleOptions;

/**
 * The file's resource variables, which become states: VAR_HANDLE names one, READ_VARIABLE and
 * ASSIGN_VARIABLE use it, and CALL_ONCE runs a subgraph that gives variables their first contents.
 */
final class Variables {
  /** The operators that are read here, for messages. */
  static final List<Integer> OPERATORS =
      List.of(
          BuiltinOperator.ASSIGN_VARIABLE,
          BuiltinOperator.CALL_ONCE,
          BuiltinOperator.READ_VARIABLE,
          BuiltinOperator.VAR_HANDLE);

  private static final String FIRST_CONTENTS =
      "a subgraph that assigns constants to variables, each in the type in which it is read";

  private record Name(String container, String shared) {}

  /** What a variable holds when a run begins, and at the operator at hand. */
  private record Contents(Value current, Value now) {}

  private final IntFunction<TfliteGraph> subgraphs;
  private final Constants constants;
  private final ReadGuard guard;
  private final Map<Integer, Name> handles = new HashMap<>();
  private final Map<Name, Contents> contents = new LinkedHashMap<>();
  private final Map<Name, TfliteTensor> initial = new HashMap<>();
  private final Set<Integer> called = new TreeSet<>();

  /**
   * No variables yet.
   *
   * @param subgraphs reads a subgraph of the file by its index
   */
  Variables(IntFunction<TfliteGraph> subgraphs, Constants constants, ReadGuard guard) {
    this.subgraphs = subgraphs;
    this.constants = constants;
    this.guard = guard;
  }

  static boolean takes(TfliteOperator operator) {
    return OPERATORS.contains(operator.builtin());
  }

  /** How many of the file's subgraphs give first contents. */
  int subgraphs() {
    return called.size();
  }

  /** The nodes that an operator of the first subgraph becomes, which may be none. */
  List<Node> read(TfliteOperator operator, Operands at, Values values) {
    switch (operator.builtin()) {
      case BuiltinOperator.VAR_HANDLE -> {
        at.require(0, 0);
        handles.put(operator.outputs().getFirst(), name(at));
      }
      case BuiltinOperator.CALL_ONCE -> callOnce(at);
      case BuiltinOperator.ASSIGN_VARIABLE -> {
        at.require(2, 2, 0);
        Value value = at.input(1);
        Contents before = contents(at, operator, value.type(), values);
        contents.put(handle(at, operator, handles), new Contents(before.current(), value));
      }
      default -> {
        at.require(1, 1);
        Value output = at.output();
        Contents held = contents(at, operator, output.type(), values);
        Reshape copy = new Reshape(output.type().shape());
        return List.of(new Node(copy, List.of(held.now()), output));
      }
    }
    return List.of();
  }

  private static Name name(Operands at) {
    VarHandleOptions options =
        at.requiredOptions(BuiltinOptions.VarHandleOptions, new VarHandleOptions());
    return new Name(
        at.read(() -> text(options.container())), at.read(() -> text(options.sharedName())));
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Name handle(Operands at, TfliteOperator operator, Map<Integer, Name> handles) {
    Name name = handles.get(operator.inputs().getFirst());
    if (name == null) {
      throw at.malformed("uses a variable that no VAR_HANDLE before it names");
    }
    return name;
  }

  private Contents contents(Operands at, TfliteOperator operator, TensorType type, Values values) {
    Name name = handle(at, operator, handles);
    Contents known = contents.get(name);
    if (known == null) {
      String label = name.shared().isEmpty() ? "variable" : name.shared();
      Value current = values.between(label, type);
      known = new Contents(current, current);
      contents.put(name, known);
    }
    if (!known.current().type().equals(type)) {
      throw new UnsupportedNode(
          "a variable of types " + known.current().type() + " and " + type, "one of one type");
    }
    return known;
  }

  private void callOnce(Operands at) {
    at.require(0, 0, 0);
    CallOnceOptions options =
        at.requiredOptions(BuiltinOptions.CallOnceOptions, new CallOnceOptions());
    int index = at.read(options::initSubgraphIndex);
    if (!called.add(index)) {
      return;
    }
    TfliteGraph graph = subgraphs.apply(index);
    Values values = new Values(graph.tensors(), constants);
    Map<Integer, Name> named = new HashMap<>();
    for (TfliteOperator operator : graph.operators()) {
      Operands inner = new Operands(operator, values, guard);
      switch (operator.builtin()) {
        case BuiltinOperator.VAR_HANDLE -> {
          inner.require(0, 0);
          named.put(operator.outputs().getFirst(), name(inner));
        }
        case BuiltinOperator.ASSIGN_VARIABLE -> {
          inner.require(2, 2, 0);
          if (!inner.isConstant(1)) {
            throw new UnsupportedNode(inner.describe(), FIRST_CONTENTS);
          }
          initial.put(handle(inner, operator, named), inner.tensor(1));
        }
        default -> throw new UnsupportedNode("a subgraph with " + operator.name(), FIRST_CONTENTS);
      }
    }
  }

  /** A state for each variable that is read or assigned. What has no first content begins as 0. */
  List<State> states() {
    List<State> states = new ArrayList<>();
    contents.forEach((name, held) ->
        states.add(new State(held.current(), held.now(), first(name, held.current().type()))));
    return states;
  }

  /** Throws {@link UnsupportedNode} where the first content does not have the variable's type. */
  private Tensor first(Name name, TensorType type) {
    TfliteTensor tensor = initial.get(name);
    if (tensor == null) {
      return type.isFloat()
          ? Tensor.ofFloats(type, new float[type.elements()])
          : Tensor.filled(type, 0);
    }
    boolean same =
        Optional.of(type.dtype()).equals(Values.dtype(tensor.type()))
            && tensor.shape().equals(Arrays.stream(type.shape().dims()).boxed().toList());
    if (!same) {
      throw new UnsupportedNode(
          "first content " + tensor.describe() + " of a variable of type " + type, FIRST_CONTENTS);
    }
    return constants.tensor(tensor, type);
  }
}
