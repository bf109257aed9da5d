package dev.thimble.quant.fold;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.State;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Cast;
import dev.thimble.op.Op;
import dev.thimble.op.Pad;
import dev.thimble.op.Parametric;
import dev.thimble.op.Quantize;
import dev.thimble.op.Requantize;
import dev.thimble.op.Rounding;
import dev.thimble.op.Unary;
import dev.thimble.quant.NodeRule;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes integers of a network that its file states as floats between quantisations. A node between
 * dequantised operands and the quantisation of its result becomes one op of int8. What cannot stays
 * in float32, between a dequantisation and a quantisation.
 */
public final class Folder {
  private final Graph source;
  private final StoredTypes types;
  private final FoldedGraph made;
  private final Reals reals;
  private final Map<Value, Held> held = new HashMap<>();
  private final Operations operations;
  private int folded;

  private Folder(Graph source, Rounding rounding) {
    this.source = source;
    this.types = new StoredTypes(source);
    this.made = new FoldedGraph(source);
    this.reals = new Reals(source, made, held);
    this.operations = new Operations(source, made, held, rounding);
  }

  /** Whether a network has floats that come from bytes or become bytes. */
  public static boolean mayFold(Graph graph) {
    return graph.nodes().stream()
        .filter(node -> node.op() instanceof Cast)
        .anyMatch(node -> Spelling.isByte(node.input()) || Spelling.isByte(node.output()));
  }

  /**
   * The network with integers where that can be; the same network where nothing can be folded.
   *
   * @param rounding how the integers will be rounded; biases have fractions in single rounding
   */
  public static Folded run(Graph graph, Rounding rounding) {
    return new Folder(graph, rounding).run();
  }

  private Folded run() {
    source.inputs().forEach(this::input);
    source.states().forEach(state -> reals.put(state.current(), state.current()));
    source.nodes().forEach(this::visit);
    if (folded == 0) {
      return new Folded(source, 0, List.of());
    }
    List<Value> outputs = new ArrayList<>();
    source.outputs().forEach(output -> outputs.add(output(output)));
    List<State> states =
        source.states().stream()
            .map(state -> new State(state.current(), reals.of(state.next()), state.initial()))
            .toList();
    Graph graph = made.build(outputs, states);
    return new Folded(graph, folded, reals.inFloat(graph));
  }

  private void input(Value input) {
    Optional<TensorType> type = types.held(input);
    if (type.isEmpty()) {
      made.input(input);
      reals.put(input, input);
      return;
    }
    TensorType shown =
        new TensorType(input.type().dtype(), input.type().shape(), types.of(input).orElseThrow());
    Value given = new Value(input.name(), shown);
    made.input(given);
    boolean recoded = shown.dtype() == DType.UINT8;
    Value inside =
        recoded
            ? made.add(new Requantize(), List.of(given), input.name() + "~int8", type.get())
            : given;
    held.put(input, new Held(inside));
  }

  private Value output(Value output) {
    Held inside = held.get(output);
    if (inside == null || output.type().isFloat()) {
      return reals.of(output);
    }
    TensorType shown =
        new TensorType(
            output.type().dtype(), output.type().shape(), types.of(output).orElseThrow());
    Value given = new Value(output.name(), shown);
    if (given.equals(inside.value())) {
      return given;
    }
    Op op = shown.dtype() == DType.UINT8 ? new Requantize() : new Quantize();
    return made.add(op, List.of(inside.value()), given);
  }

  private void visit(Node node) {
    Value output = node.output();
    Optional<TensorType> type = types.held(output);
    if (type.isPresent()) {
      Optional<Spelling.Mark> mark = Spelling.mark(source, node);
      held.put(
          output,
          new Held(
              mark.isPresent()
                  ? marked(output, mark.get(), type.get())
                  : movedIntegers(types.move(node).orElseThrow(), type.get())));
    } else if (node.outputs().size() == 1 && output.type().isFloat()) {
      visitFloats(node, output);
    } else if (NodeRule.ofOp(node) instanceof NodeRule.Ordered && node.inputs().size() == 1) {
      Held input = held.get(node.input());
      if (input != null && node.input().type().isFloat()) {
        made.add(new Node(node.op(), List.of(input.value()), node.outputs()));
        node.outputs().forEach(each -> reals.put(each, each));
      }
    }
  }

  private void visitFloats(Node node, Value output) {
    Optional<Spelling.Grid> grid =
        Spelling.grid(source, output)
            .filter(each -> {
              Optional<TensorType> type = types.held(each.stored());
              return type.isPresent()
                  && types.of(each.stored()).orElseThrow().zeroPoint() == each.zeroPoint();
            });
    if (grid.isPresent()) {
      Held stored = held.get(grid.get().stored());
      if (stored != null) {
        held.put(output, new Held(stored.value(), grid.get().scale()));
      }
      return;
    }
    operations
        .moved(node)
        .ifPresent(value -> {
          held.put(output, value);
          folded++;
        });
  }

  /** Plain integers that a node moves. */
  private Value movedIntegers(StoredTypes.Move move, TensorType type) {
    List<Value> operands = new ArrayList<>();
    for (Value input : move.operands()) {
      Held inside = held.get(input);
      if (inside != null) {
        operands.add(inside.value());
      } else if (Spelling.isByte(input) && source.isConstant(input)) {
        operands.add(constant(input, type));
      } else {
        operands.add(reals.of(input));
      }
    }
    folded++;
    Op op = move.node().op();
    if (op instanceof Pad pad && move.output().type().dtype() == DType.UINT8) {
      op = new Pad(pad.before(), pad.after(), pad.value() + Byte.MIN_VALUE, pad.mode());
    }
    return made.add(op, operands, named(move.output(), type));
  }

  /** A constant of plain integers in the type that stands for them. */
  private Value constant(Value value, TensorType type) {
    int[] stored = source.constant(value).orElseThrow().ints().clone();
    if (value.type().dtype() == DType.UINT8) {
      for (int i = 0; i < stored.length; i++) {
        stored[i] += Byte.MIN_VALUE;
      }
    }
    return made.constant(
        value.name() + "~int8", Tensor.ofInts(type.withShape(value.type().shape()), stored));
  }

  /** A value of the folded network for plain integers of the source. */
  private Value named(Value stored, TensorType type) {
    boolean taken = source.isOutput(stored) && stored.type().dtype() == DType.UINT8;
    return new Value(taken ? made.fresh(stored.name() + "~int8") : stored.name(), type);
  }

  /** The stored numbers of what a file quantises. */
  private Value marked(Value stored, Spelling.Mark mark, TensorType type) {
    Target target = new Target(type, mark.scale());
    int offset = type.zeroPoint() - mark.zeroPoint();
    int low = mark.low() + offset;
    int high = mark.high() + offset;
    boolean narrow = low > Byte.MIN_VALUE || high < Byte.MAX_VALUE;
    Value name = named(stored, type);
    if (!narrow) {
      return quantized(mark.real(), target, name);
    }
    Value inner =
        quantized(mark.real(), target, new Value(made.fresh(stored.name() + "~wide"), type));
    float scale = type.scale();
    float min = low > Byte.MIN_VALUE ? scale * (low - type.zeroPoint()) : Float.NEGATIVE_INFINITY;
    float max = high < Byte.MAX_VALUE ? scale * (high - type.zeroPoint()) : Float.POSITIVE_INFINITY;
    return made.add(new Parametric(Parametric.Function.CLIP, min, max), List.of(inner), name);
  }

  /** Floats of the source as stored numbers; a node that is added for them has this output. */
  private Value quantized(Value real, Target target, Value output) {
    Held present = held.get(real);
    if (present != null && Operations.sameUnit(present.unit(), target.unit())) {
      return present.value().type().equals(output.type())
          ? present.value()
          : made.add(new Quantize(), List.of(present.value()), output);
    }
    if (source.isConstant(real)) {
      return operations.constant(real, target);
    }
    Optional<Node> producer = source.producer(real);
    if (present != null || producer.isEmpty()) {
      return fallback(real, target, output);
    }
    Node node = producer.get();
    if (source.onlyReader(real).isEmpty()) {
      reals.because(node, "what it gives is read before it is quantised, too");
      return fallback(real, target, output);
    }
    int before = made.size();
    try {
      return folded(node, target, output);
    } catch (IllegalArgumentException e) {
      made.cut(before);
      reals.because(node, String.valueOf(e.getMessage()));
      return fallback(real, target, output);
    }
  }

  /** A node whose result is quantised, as a node that gives stored numbers. */
  private Value folded(Node node, Target target, Value output) {
    Optional<Spelling.Clamp> clamp = Spelling.clamp(node);
    if (clamp.isPresent() && held.get(node.input()) == null) {
      return clamped(node, clamp.get(), target, output);
    }
    if (operations.commutes(node)) {
      List<Value> operands = new ArrayList<>();
      for (Value input : node.inputs()) {
        operands.add(input.type().isFloat() ? inner(input, target) : reals.of(input));
      }
      Value result = made.add(NodeRule.stored(node.op(), target.type()), operands, output);
      folded++;
      return result;
    }
    Optional<Double> factor = operations.factor(node);
    if (factor.isPresent() && held.get(node.input()) == null) {
      return quantized(node.input(), target.before(factor.get()), output);
    }
    Value result = operations.folded(node, target, output);
    folded++;
    return result;
  }

  private Value inner(Value real, Target target) {
    TensorType type = target.of(real.type().shape());
    return quantized(
        real, new Target(type, target.scale()), new Value(made.fresh(real.name() + "~int8"), type));
  }

  /** A clamp, behind the quantisation; none where the type's own ends clamp as much. */
  private Value clamped(Node node, Spelling.Clamp clamp, Target target, Value output) {
    folded++;
    boolean low = target.stored(clamp.min()) > Byte.MIN_VALUE;
    boolean high = target.stored(clamp.max()) < Byte.MAX_VALUE;
    if (!low && !high) {
      return quantized(node.input(), target, output);
    }
    Value inner = inner(node.input(), target);
    boolean plain =
        Operations.sameUnit(target.unit(), 1)
            && node.op() instanceof Unary unary
            && unary.asActivation() != Activation.NONE;
    if (plain) {
      return made.add(node.op(), List.of(inner), output);
    }
    float unit = (float) target.unit();
    Op op = new Parametric(Parametric.Function.CLIP, clamp.min() / unit, clamp.max() / unit);
    return made.add(op, List.of(inner), output);
  }

  /** The stored numbers of what is computed in float32. */
  private Value fallback(Value real, Target target, Value output) {
    Value floats = reals.of(real);
    if (!Operations.sameUnit(target.unit(), 1)) {
      floats = reals.times(floats, (float) (1 / target.unit()));
    }
    return made.add(new Quantize(), List.of(floats), output);
  }
}
