package dev.thimble.graph;

import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes a graph as text, one definition a line; {@link GraphParser} reads it back to an equal
 * graph. Constants of more than {@value #INLINE_ELEMENTS} elements are written in base 64.
 */
public final class GraphPrinter {
  private static final int INLINE_ELEMENTS = 64;

  private GraphPrinter() {}

  public static String print(Graph graph) {
    List<String> lines = new ArrayList<>();
    lines.add("graph " + TextCursor.quote(graph.name()));
    graph.inputs().forEach(input -> lines.add("input " + definition(input)));
    graph
        .constants()
        .forEach((value, data) -> lines.add("const " + definition(value) + " = " + data(data)));
    graph
        .states()
        .forEach(s -> lines.add("state " + definition(s.current()) + " = " + data(s.initial())));
    graph.nodes().forEach(node -> lines.add(node(node)));
    graph
        .states()
        .forEach(s -> lines.add("next " + reference(s.current()) + " = " + reference(s.next())));
    graph.outputs().forEach(output -> lines.add("output " + reference(output)));
    graph
        .origins()
        .forEach((value, origin) ->
            lines.add(
                "origin "
                    + reference(value)
                    + " = "
                    + TextCursor.quote(origin.source())
                    + origin.channels()));
    return String.join("\n", lines) + "\n";
  }

  private static String node(Node node) {
    return "node "
        + node.outputs().stream().map(GraphPrinter::definition).collect(Collectors.joining(", "))
        + " = "
        + node.op().getClass().getSimpleName()
        + AttributeText.print(node.op())
        + " "
        + node.inputs().stream().map(GraphPrinter::reference).collect(Collectors.joining(", "));
  }

  private static String definition(Value value) {
    return reference(value) + ": " + type(value.type());
  }

  private static String reference(Value value) {
    return TextCursor.quote(value.name());
  }

  static String type(TensorType type) {
    String quant =
        switch (type.quant()) {
          case QuantParams.None n -> "";
          case QuantParams.PerTensor p -> " scale " + p.scale() + " zero_point " + p.zeroPoint();
          case QuantParams.PerChannel p -> " axis " + p.axis() + " scales " + p.scales();
        };
    return type.dtype().text() + type.shape() + quant;
  }

  private static String data(Tensor tensor) {
    boolean isFloat = tensor.type().isFloat();
    if (tensor.type().elements() <= INLINE_ELEMENTS) {
      return isFloat ? Arrays.toString(tensor.floats()) : Arrays.toString(tensor.longs());
    }
    int width = tensor.type().dtype().isWide() ? Long.BYTES : Integer.BYTES;
    ByteBuffer bytes =
        ByteBuffer.allocate(width * tensor.type().elements()).order(ByteOrder.LITTLE_ENDIAN);
    if (isFloat) {
      bytes.asFloatBuffer().put(tensor.floats());
    } else if (tensor.type().dtype().isWide()) {
      bytes.asLongBuffer().put(tensor.longs());
    } else {
      bytes.asIntBuffer().put(tensor.ints());
    }
    return "base64 " + TextCursor.quote(Base64.getEncoder().encodeToString(bytes.array()));
  }
}
