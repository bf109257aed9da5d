package dev.thimble.importer.tflite;

import dev.thimble.graph.Node;
import dev.thimble.graph.State;
import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The graph's values for a file's tensors. A value has its tensor's name. The name of a later
 * tensor that repeats an earlier one's gets a suffix, {@code _1} and so on, the first that no
 * tensor has; a tensor without a name is {@code tensor_} and its index, with such a suffix where
 * needed.
 */
final class Values {
  private static final int MAX_FOLDED = 64;
  private static final String SUPPORTED =
      "dense tensors of float32, of booleans or of integers, with extents of at least 1";

  private final Constants constants;
  private final List<TfliteTensor> tensors;
  private final List<String> names;
  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> lastSuffix = new HashMap<>();
  private final Map<Value, Tensor> used = new LinkedHashMap<>();
  private final Map<String, Tensor> folded = new HashMap<>();

  private final Map<Integer, Value> outside = new HashMap<>();
  private final Map<Integer, Value> stored = new HashMap<>();

  /** For each variable tensor in use, by its index, what it holds first and what it holds now. */
  private final Map<Integer, Value> variables = new LinkedHashMap<>();

  private final Map<Integer, Value> contents = new HashMap<>();

  Values(List<TfliteTensor> tensors, Constants constants) {
    this.tensors = new ArrayList<>(tensors);
    this.constants = constants;
    this.names = new ArrayList<>(tensors.size());
    tensors.forEach(tensor -> taken.add(tensor.name()));
    Set<String> first = new HashSet<>();
    for (TfliteTensor tensor : tensors) {
      String name = tensor.name();
      boolean keeps = !name.isEmpty() && first.add(name);
      names.add(keeps ? name : unique(name.isEmpty() ? "tensor_" + tensor.index() : name));
    }
  }

  /** This name, or with the first suffix that makes it unique; it is taken from now on. */
  private String unique(String name) {
    String candidate = name;
    while (!taken.add(candidate)) {
      candidate = name + "_" + lastSuffix.merge(name, 1, Integer::sum);
    }
    return candidate;
  }

  TfliteTensor tensor(int index) {
    return tensors.get(index);
  }

  /** Gives a tensor whose extents the file leaves open those that its operator computes. */
  void close(int index, Shape computed) {
    List<Integer> extents = Arrays.stream(computed.dims()).boxed().toList();
    tensors.set(index, tensor(index).withShape(extents));
  }

  boolean isConstant(int index) {
    return folded.containsKey(names.get(index)) || constants.isConstant(tensor(index));
  }

  List<Long> integers(int index) {
    Tensor known = folded.get(names.get(index));
    return known != null
        ? Arrays.stream(known.longs()).boxed().toList()
        : constants.integers(tensor(index));
  }

  /**
   * The value of a tensor; a constant's data becomes part of the graph. Throws {@link
   * UnsupportedNode} for tensors that no graph can hold.
   */
  Value value(int index) {
    TfliteTensor tensor = tensor(index);
    Value value = new Value(names.get(index), type(tensor));
    if (!used.containsKey(value) && constants.isConstant(tensor)) {
      used.put(value, constants.tensor(tensor, value.type()));
    }
    return value;
  }

  /**
   * What a variable tensor holds when the operator at hand runs. Throws {@link UnsupportedNode} for
   * tensors that no graph can hold.
   */
  Value variable(int index) {
    TfliteTensor tensor = tensor(index);
    if (!tensor.feature().equals(TfliteTensor.VARIABLE)) {
      throw new UnsupportedNode(
          found(tensor) + " that is no variable", "a variable tensor for what lasts between runs");
    }
    Value known = contents.get(index);
    if (known != null) {
      return known;
    }
    Value value = new Value(names.get(index), storedType(tensor));
    variables.put(index, value);
    contents.put(index, value);
    return value;
  }

  /** Lets a variable tensor hold this value from now on. */
  void assign(int index, Value value) {
    contents.put(index, value);
  }

  /**
   * A state for each variable tensor that an operator read. They begin with real zeros, as the
   * interpreters reset them.
   */
  List<State> states() {
    List<State> states = new ArrayList<>();
    variables.forEach((index, value) -> {
      boolean quantized = value.type().quant() instanceof QuantParams.PerTensor;
      Tensor zeros =
          value.type().isFloat()
              ? Tensor.ofFloats(value.type(), new float[value.type().elements()])
              : Tensor.filled(value.type(), quantized ? value.type().zeroPoint() : 0);
      states.add(new State(value, contents.getOrDefault(index, value), zeros));
    });
    return states;
  }

  /** A value that the file does not name, between nodes that stand for one operator. */
  Value between(String name, TensorType type) {
    return new Value(unique(name), type);
  }

  /**
   * Computes a node of few integers that depends on constants only, as files compute shapes: its
   * result becomes a constant, so that it can be the operand of an operator that asks for one.
   * Returns whether the node is such a one.
   */
  boolean fold(Node node) {
    TensorType type = node.output().type();
    boolean few = type.elements() <= MAX_FOLDED && !type.isFloat() && !type.isQuantized();
    if (!few || node.outputs().size() != 1 || !used.keySet().containsAll(node.inputs())) {
      return false;
    }
    List<Tensor> inputs = node.inputs().stream().map(used::get).toList();
    Tensor result = node.op().evaluate(inputs, List.of(type), Rounding.DOUBLE).getFirst();
    used.put(node.output(), result);
    folded.put(node.output().name(), result);
    return true;
  }

  /** The data of a constant tensor, which does not become part of the graph by this. */
  Tensor constant(int index) {
    Tensor known = folded.get(names.get(index));
    return known != null ? known : constants.tensor(tensor(index), type(tensor(index)));
  }

  /** The type of a tensor. Throws {@link UnsupportedNode} for one that no graph can hold. */
  TensorType type(int index) {
    return type(tensor(index));
  }

  /** A constant that the file leaves out, named after the value that it serves. */
  Value addConstant(String name, Tensor data) {
    Value value = new Value(unique(name), data.type());
    used.put(value, data);
    return value;
  }

  /** The constants that nodes or outputs read, in the order in which they were first asked for. */
  Map<Value, Tensor> constants() {
    return used;
  }

  /**
   * The type that stands for a tensor's in the graph. Quantised uint8 is int8 there, all of it 128
   * less; constants of float16 and int4 are float32 and int8.
   */
  private TensorType type(TfliteTensor tensor) {
    if (!tensor.feature().isEmpty()) {
      throw new UnsupportedNode(found(tensor), SUPPORTED);
    }
    boolean half = tensor.type() == org.tensorflow.lite.schema.TensorType.FLOAT16;
    if ((half || tensor.type() == org.tensorflow.lite.schema.TensorType.INT4)
        && constants.isConstant(tensor)
        && !tensor.shape().contains(0)) {
      return new TensorType(
          half ? DType.FLOAT32 : DType.INT8,
          shape(tensor),
          half ? QuantParams.NONE : quant(tensor));
    }
    TensorType stored = storedType(tensor);
    boolean scaled =
        tensor.type() == org.tensorflow.lite.schema.TensorType.INT32
            && tensor.scales().size() == 1
            && tensor.zeroPoints().getFirst() == 0
            && !constants.isConstant(tensor);
    if (scaled) {
      QuantParams quant = new QuantParams.PerTensor(tensor.scales().getFirst(), 0);
      return new TensorType(stored.dtype(), stored.shape(), quant);
    }
    return isRecoded(tensor) ? recoded(stored) : stored;
  }

  /** Whether a tensor's numbers are stored as int8 of 128 less in the graph, which can hold it. */
  boolean isRecoded(int index) {
    return isRecoded(tensor(index));
  }

  private static boolean isRecoded(TfliteTensor tensor) {
    return tensor.type() == org.tensorflow.lite.schema.TensorType.UINT8
        && tensor.scales().size() == 1
        && tensor.feature().isEmpty()
        && !tensor.shape().contains(0);
  }

  private static TensorType recoded(TensorType type) {
    return new TensorType(
        DType.INT8,
        type.shape(),
        new QuantParams.PerTensor(type.scale(), type.zeroPoint() + Byte.MIN_VALUE));
  }

  /**
   * The value by which users of the network know a recoded tensor at its ends; the tensor's value
   * in the graph gets another name.
   */
  Value outside(int index) {
    Value known = outside.get(index);
    if (known != null) {
      return known;
    }
    Value value = new Value(names.get(index), storedType(tensor(index)));
    names.set(index, unique(names.get(index) + "_int8"));
    outside.put(index, value);
    return value;
  }

  /** A constant uint8 tensor as it is, for those that read it so. */
  Value stored(int index) {
    TfliteTensor tensor = tensor(index);
    Value known = stored.get(index);
    if (known != null) {
      return known;
    }
    TensorType type = storedType(tensor);
    Value value = new Value(unique(names.get(index) + "_uint8"), type);
    used.put(value, constants.tensor(tensor, type));
    stored.put(index, value);
    return value;
  }

  /** Makes the output of an operator a constant. */
  void define(int index, Tensor data) {
    Value value = value(index);
    used.put(value, data.as(value.type()));
    folded.put(value.name(), data);
  }

  private static TensorType storedType(TfliteTensor tensor) {
    Optional<DType> dtype = dtype(tensor.type());
    if (dtype.isEmpty() || tensor.shape().contains(0)) {
      throw new UnsupportedNode(found(tensor), SUPPORTED);
    }
    return new TensorType(dtype.get(), shape(tensor), quant(tensor));
  }

  private static Shape shape(TfliteTensor tensor) {
    return Shape.of(tensor.shape().stream().mapToInt(Integer::intValue).toArray());
  }

  /** The element type of a code of the schema; nothing for those that no graph can hold. */
  static Optional<DType> dtype(byte type) {
    return switch (type) {
      case org.tensorflow.lite.schema.TensorType.FLOAT32 -> Optional.of(DType.FLOAT32);
      case org.tensorflow.lite.schema.TensorType.INT8 -> Optional.of(DType.INT8);
      case org.tensorflow.lite.schema.TensorType.UINT8 -> Optional.of(DType.UINT8);
      case org.tensorflow.lite.schema.TensorType.INT16 -> Optional.of(DType.INT16);
      case org.tensorflow.lite.schema.TensorType.UINT16 -> Optional.of(DType.UINT16);
      case org.tensorflow.lite.schema.TensorType.INT32 -> Optional.of(DType.INT32);
      case org.tensorflow.lite.schema.TensorType.UINT32 -> Optional.of(DType.UINT32);
      case org.tensorflow.lite.schema.TensorType.INT64 -> Optional.of(DType.INT64);
      case org.tensorflow.lite.schema.TensorType.BOOL -> Optional.of(DType.BOOL);
      default -> Optional.empty();
    };
  }

  /**
   * The quantisation as the graph states it. int32 and int64 carry none: as a bias its scale is by
   * definition the product of the input's and the filter's, and a copy of that product would go
   * stale when a rewrite changes either.
   */
  private static QuantParams quant(TfliteTensor tensor) {
    boolean bias =
        tensor.type() == org.tensorflow.lite.schema.TensorType.INT32
            || tensor.type() == org.tensorflow.lite.schema.TensorType.INT64;
    if (tensor.scales().isEmpty() || bias) {
      return QuantParams.NONE;
    }
    if (tensor.scales().size() == 1) {
      return new QuantParams.PerTensor(tensor.scales().getFirst(), tensor.zeroPoints().getFirst());
    }
    if (tensor.zeroPoints().stream().anyMatch(zeroPoint -> zeroPoint != 0)) {
      throw new UnsupportedNode(
          found(tensor) + " with per-channel zero points",
          "per-channel scales with zero points of 0");
    }
    return new QuantParams.PerChannel(tensor.axis(), tensor.scales());
  }

  private static String found(TfliteTensor tensor) {
    return TfliteTensor.quoted(tensor.name()) + " of type " + tensor.describe();
  }
}
