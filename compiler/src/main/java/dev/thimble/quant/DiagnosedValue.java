package dev.thimble.quant;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.MixedConv2d;
import dev.thimble.op.Reshape;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A quantised value beside the float that it stands for.
 *
 * @param stored the value in the quantised network
 * @param real the value in the float network
 * @param node what computes it in the quantised network; nothing for an input
 * @param origin what computes it in the float network; nothing for inputs and conversions
 * @param reals the float values of the node's operands
 */
record DiagnosedValue(
    Value stored,
    Value real,
    Optional<Node> node,
    Optional<Node> origin,
    List<Optional<Value>> reals) {
  /** What the names of values end in that stand for another one, as another kind of integers. */
  private static final Pattern STORED = Pattern.compile("~int(8|16)\\d*$");

  /**
   * What computes a value: a node, or one that is fully connected as a convolution of pixels
   * between two changes of shape, as int16 has it.
   */
  private record Rows(List<Node> nodes) {
    static Rows of(Node last, Graph graph) {
      if (last.op() instanceof Reshape) {
        Optional<Node> sums = graph.producer(last.input());
        if (sums.isPresent() && sums.get().op() instanceof MixedConv2d) {
          Optional<Node> pixels = graph.producer(sums.get().input());
          if (pixels.isPresent() && pixels.get().op() instanceof Reshape) {
            return new Rows(List.of(pixels.get(), sums.get(), last));
          }
        }
      }
      return new Rows(List.of(last));
    }

    List<Value> inputs() {
      List<Value> inputs = new ArrayList<>(nodes.getFirst().inputs());
      if (nodes.size() > 1) {
        inputs.addAll(nodes.get(1).inputs().subList(1, nodes.get(1).inputs().size()));
      }
      return inputs;
    }

    Tensor evaluate(List<Tensor> operands, Rounding rounding) {
      if (nodes.size() == 1) {
        return evaluate(nodes.getFirst(), operands, rounding);
      }
      List<Tensor> given = new ArrayList<>(operands);
      given.set(0, evaluate(nodes.getFirst(), List.of(operands.getFirst()), rounding));
      Tensor result = evaluate(nodes.get(1), given, rounding);
      return evaluate(nodes.getLast(), List.of(result), rounding);
    }

    private static Tensor evaluate(Node node, List<Tensor> operands, Rounding rounding) {
      return node.op().evaluate(operands, node.outputTypes(), rounding).getFirst();
    }
  }

  /** What a node gives for operands that are stored exactly. */
  record Alone(float[] exact, float[] stored, float @Nullable [] filter) {}

  /** The quantised values of a network, in the order in which it computes them. */
  static List<DiagnosedValue> of(Graph source, Graph quantized) {
    Map<String, Value> names = new HashMap<>();
    source.inputs().forEach(value -> names.put(value.name(), value));
    source.constants().keySet().forEach(value -> names.put(value.name(), value));
    source.nodes().forEach(node -> node.outputs().forEach(v -> names.put(v.name(), v)));
    Map<Value, Value> reals = new HashMap<>();
    List<DiagnosedValue> all = new ArrayList<>();
    for (Value input : quantized.inputs()) {
      Value real = Objects.requireNonNull(names.get(input.name()));
      reals.put(input, real);
      if (isStored(input, real)) {
        all.add(new DiagnosedValue(input, real, Optional.empty(), Optional.empty(), List.of()));
      }
    }
    for (Node node : quantized.nodes()) {
      boolean converts = TypeTwin.converts(node.op());
      for (Value output : node.outputs()) {
        // A network that was quantised elsewhere may have names that look like those made here.
        Value named = names.getOrDefault(output.name(), names.get(plain(output.name())));
        Value real = converts && named == null ? reals.get(node.input()) : named;
        if (real != null) {
          reals.put(output, real);
        }
      }
      Value real = reals.get(node.output());
      if (real != null && isStored(node.output(), real)) {
        Rows rows = Rows.of(node, quantized);
        List<Value> inputs = rows.inputs();
        if (!known(inputs, quantized, reals)) {
          continue;
        }
        List<Optional<Value>> operands =
            inputs.stream().map(input -> Optional.ofNullable(reals.get(input))).toList();
        all.add(
            new DiagnosedValue(
                node.output(),
                real,
                Optional.of(node),
                converts ? Optional.empty() : source.producer(real),
                operands));
      }
    }
    return all;
  }

  /** Whether the float network has, or is known to share, whatever a node is computed of. */
  private static boolean known(List<Value> inputs, Graph quantized, Map<Value, Value> reals) {
    return inputs.stream()
        .allMatch(input -> quantized.isConstant(input) || reals.containsKey(input));
  }

  /** The name of the value that another one stands for. */
  private static String plain(String name) {
    Matcher ending = STORED.matcher(name);
    return ending.find() ? name.substring(0, ending.start()) : name;
  }

  private static boolean isStored(Value value, Value real) {
    return real.type().isFloat() && value.type().quant() instanceof QuantParams.PerTensor;
  }

  String name() {
    return stored.name();
  }

  /** The op, as the float network has it; that of conversions is their own. */
  String op() {
    return origin.or(() -> node).map(n -> n.op().kind()).orElse("input");
  }

  /** The value where its operands are those of the float network, stored in the operands' types. */
  Alone alone(Graph source, Graph quantized, Map<Value, Tensor> floats, Rounding rounding) {
    if (node.isEmpty()) {
      Tensor given = Objects.requireNonNull(floats.get(real));
      return new Alone(
          given.floats(), NetworkLoss.real(StoredNumbers.ofInput(given, stored.type())), null);
    }
    Rows made = Rows.of(node.get(), quantized);
    List<Value> inputs = made.inputs();
    List<Tensor> operands = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      operands.add(operand(quantized, inputs.get(i), reals.get(i), floats));
    }
    Tensor result = made.evaluate(operands, rounding);
    if (origin.isEmpty()) {
      return new Alone(NetworkLoss.real(operands.getFirst()), NetworkLoss.real(result), null);
    }
    Node exact = origin.get();
    return new Alone(
        exact(exact, source, operands, -1),
        NetworkLoss.real(result),
        filtered(exact, source) ? exact(exact, source, operands, 1) : null);
  }

  private static boolean filtered(Node node, Graph source) {
    return NodeRule.of(node) instanceof NodeRule.Filtered
        && node.inputs().size() > 1
        && source.isConstant(node.inputs().get(1));
  }

  /** What the float node gives for these operands; the one at an index as it is stored. */
  private float[] exact(Node exact, Graph source, List<Tensor> operands, int rounded) {
    List<Tensor> given = new ArrayList<>();
    for (int i = 0; i < exact.inputs().size(); i++) {
      Value input = exact.inputs().get(i);
      Optional<Tensor> constant = source.constant(input);
      if (i == rounded) {
        float[] filter = StoredNumbers.real(WideFilter.turnedBack(exact, operands.get(i)));
        given.add(Tensor.ofFloats(input.type(), filter));
      } else {
        given.add(constant.isPresent() ? constant.get() : real(operands.get(i), input.type()));
      }
    }
    return exact.op().evaluate(given, exact.outputTypes(), Rounding.DOUBLE).getFirst().floats();
  }

  private static Tensor real(Tensor operand, TensorType type) {
    return type.isFloat() ? Tensor.ofFloats(type, NetworkLoss.real(operand)) : operand;
  }

  private static Tensor operand(
      Graph quantized, Value value, Optional<Value> real, Map<Value, Tensor> floats) {
    Optional<Tensor> constant = quantized.constant(value);
    if (constant.isPresent()) {
      return constant.get();
    }
    Tensor given = Objects.requireNonNull(floats.get(real.orElseThrow()));
    return given.type().isFloat() && !value.type().isFloat()
        ? StoredNumbers.ofInput(given, value.type())
        : given;
  }
}
