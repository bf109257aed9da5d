package dev.thimble.graph;

import dev.thimble.op.Op;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads the text that {@link GraphPrinter} writes. Empty lines and lines from # are passed over.
 */
public final class GraphParser {
  private String name = "graph";
  private final List<Value> inputs = new ArrayList<>();
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final Map<Value, Tensor> states = new LinkedHashMap<>();
  private final Map<Value, Value> next = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();
  private final Map<Value, Origin> origins = new LinkedHashMap<>();
  private final Map<String, Value> values = new LinkedHashMap<>();

  private GraphParser() {}

  /**
   * The checked graph that the text describes. Throws {@link GraphException}, with line and column,
   * where the text is not a graph, or with the place where the graph is not well formed.
   */
  public static Graph parse(String text) {
    GraphParser parser = new GraphParser();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
        parser.line(new TextCursor(line, i + 1));
      }
    }
    return GraphChecker.check(
        new Graph(
            parser.name,
            parser.inputs,
            parser.constants,
            parser.states(),
            parser.nodes,
            parser.outputs,
            parser.origins));
  }

  private void line(TextCursor cursor) {
    try {
      statement(cursor);
    } catch (IllegalArgumentException e) {
      throw cursor.errorAtToken(String.valueOf(e.getMessage()));
    }
    cursor.expectEnd();
  }

  private void statement(TextCursor cursor) {
    switch (cursor.word()) {
      case "graph" -> name = cursor.quoted();
      case "input" -> inputs.add(define(cursor));
      case "const" -> {
        Value value = define(cursor);
        cursor.expect("=");
        constants.put(value, data(cursor, value.type()));
      }
      case "state" -> {
        Value value = define(cursor);
        cursor.expect("=");
        states.put(value, data(cursor, value.type()));
      }
      case "next" -> {
        Value value = reference(cursor);
        if (!states.containsKey(value) || next.containsKey(value)) {
          throw cursor.errorAtToken("'" + value.name() + "' is no state without a next");
        }
        cursor.expect("=");
        next.put(value, reference(cursor));
      }
      case "node" -> nodes.add(node(cursor));
      case "output" -> outputs.add(reference(cursor));
      case "origin" -> {
        Value value = reference(cursor);
        cursor.expect("=");
        String source = cursor.quoted();
        origins.put(value, new Origin(source, Arrays.stream(cursor.ints()).boxed().toList()));
      }
      default ->
          throw cursor.errorAtToken(
              "expected graph, input, const, state, node, next, output or origin");
    }
  }

  private List<State> states() {
    List<State> result = new ArrayList<>();
    states.forEach((value, initial) -> {
      Value becomes = next.get(value);
      if (becomes == null) {
        throw new GraphException("state '" + value.name() + "' has no next");
      }
      result.add(new State(value, becomes, initial));
    });
    return result;
  }

  private Node node(TextCursor cursor) {
    List<Value> defined = new ArrayList<>();
    do {
      defined.add(define(cursor));
    } while (cursor.accept(","));
    cursor.expect("=");
    Op op = AttributeText.readRecord(cursor, opClass(cursor));
    List<Value> read = new ArrayList<>();
    do {
      read.add(reference(cursor));
    } while (cursor.accept(","));
    return new Node(op, read, defined);
  }

  private static Class<? extends Op> opClass(TextCursor cursor) {
    String simpleName = cursor.word();
    return records(Op.class)
        .filter(type -> type.getSimpleName().equals(simpleName))
        .findFirst()
        .orElseThrow(() -> cursor.errorAtToken("there is no op '" + simpleName + "'"))
        .asSubclass(Op.class);
  }

  /** The records of a sealed interface, also of those that it permits. */
  private static Stream<Class<?>> records(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(GraphParser::records)
        : Stream.of(type);
  }

  private Value define(TextCursor cursor) {
    String valueName = cursor.quoted();
    if (values.containsKey(valueName)) {
      throw cursor.errorAtToken("'" + valueName + "' is defined twice");
    }
    cursor.expect(":");
    Value value = new Value(valueName, type(cursor));
    values.put(valueName, value);
    return value;
  }

  private Value reference(TextCursor cursor) {
    String valueName = cursor.quoted();
    Value value = values.get(valueName);
    if (value == null) {
      throw cursor.errorAtToken("'" + valueName + "' is not defined before it");
    }
    return value;
  }

  private static TensorType type(TextCursor cursor) {
    DType dtype = DType.ofText(cursor.word());
    Shape shape = Shape.of(cursor.ints());
    QuantParams quant = QuantParams.NONE;
    if (cursor.accept("scale ")) {
      float scale = cursor.real();
      cursor.expect("zero_point");
      quant = new QuantParams.PerTensor(scale, cursor.integer());
    } else if (cursor.accept("axis")) {
      int axis = cursor.integer();
      cursor.expect("scales");
      quant = new QuantParams.PerChannel(axis, cursor.reals());
    }
    return new TensorType(dtype, shape, quant);
  }

  private static Tensor data(TextCursor cursor, TensorType type) {
    if (cursor.accept("base64")) {
      return decoded(type, Base64.getDecoder().decode(cursor.quoted()));
    }
    if (!type.isFloat()) {
      return Tensor.ofLongs(type, cursor.longs());
    }
    List<Float> reals = cursor.reals();
    float[] floats = new float[reals.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = reals.get(i);
    }
    return Tensor.ofFloats(type, floats);
  }

  /** Each element takes four bytes; eight, where its type is wide. */
  private static Tensor decoded(TensorType type, byte[] bytes) {
    int width = type.dtype().isWide() ? Long.BYTES : Integer.BYTES;
    if (bytes.length != (long) width * type.elements()) {
      throw new IllegalArgumentException(
          bytes.length + " bytes given for " + type.elements() + " elements of " + type.shape());
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (type.isFloat()) {
      float[] floats = new float[bytes.length / 4];
      buffer.asFloatBuffer().get(floats);
      return Tensor.ofFloats(type, floats);
    }
    if (type.dtype().isWide()) {
      long[] longs = new long[bytes.length / width];
      buffer.asLongBuffer().get(longs);
      return Tensor.ofLongs(type, longs);
    }
    int[] ints = new int[bytes.length / 4];
    buffer.asIntBuffer().get(ints);
    return Tensor.ofInts(type, ints);
  }
}
