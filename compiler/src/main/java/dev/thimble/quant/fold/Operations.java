package dev.thimble.quant.fold;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Op;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Quantize;
import dev.thimble.op.Reduce;
import dev.thimble.op.Requantize;
import dev.thimble.op.Resize;
import dev.thimble.op.Rounding;
import dev.thimble.op.Size2d;
import dev.thimble.op.Softmax;
import dev.thimble.op.Unary;
import dev.thimble.op.WindowPool2d;
import dev.thimble.quant.NodeRule;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The op of stored numbers for each op of floats. All throw {@link IllegalArgumentException}, with
 * a reason for the report, where there is none that is within one step of the float op.
 */
final class Operations {
  private static final double ALIKE = 1e-6;

  /** By how much coarser than the output's an intermediate scale may be. */
  private static final double COARSER = 1.9;

  /** By how much the steps of int16 are finer: a difference of int8 still fits. */
  private static final int WIDENING = 128;

  private final Graph source;
  private final FoldedGraph made;
  private final Map<Value, Held> held;
  private final Filters filters;

  Operations(Graph source, FoldedGraph made, Map<Value, Held> held, Rounding rounding) {
    this.source = source;
    this.made = made;
    this.held = held;
    this.filters = new Filters(source, made, rounding);
  }

  /** Whether two quotients of scales are the same but for their rounding. */
  static boolean sameUnit(double a, double b) {
    return Math.abs(a - b) <= ALIKE * Math.abs(b);
  }

  /** Whether a node takes the largest elements of windows. */
  static boolean pools(Node node) {
    return (node.op() instanceof Pool2d p && p.pooling() == Pool2d.Kind2d.MAX)
        || (node.op() instanceof WindowPool2d w && w.function() == WindowPool2d.Function.MAX);
  }

  /** Whether a node combines the numbers of windows or neighbours into new ones. */
  private static boolean mixes(Node node) {
    return (node.op() instanceof Pool2d || node.op() instanceof WindowPool2d)
        ? !pools(node)
        : node.op() instanceof Resize r
            && (r.mode() != Resize.Mode.NEAREST || !r.regions().isEmpty());
  }

  /** Whether an op gives elements of its operands, whose order it may compare. */
  private static boolean selects(Node node) {
    boolean extreme =
        node.op() instanceof Binary b
            && (b.function() == Binary.Function.MAX || b.function() == Binary.Function.MIN);
    boolean one = NodeRule.ofOp(node) instanceof NodeRule.OneType && !mixes(node);
    return node.outputs().size() == 1 && (extreme || one);
  }

  private static Activation activation(Node node) {
    if (node.op() instanceof Pool2d p) {
      return p.activation();
    }
    return node.op() instanceof WindowPool2d w ? w.activation() : Activation.NONE;
  }

  /** Whether it is the same to quantise before such a node or behind it. */
  boolean commutes(Node node) {
    return selects(node) && node.output().type().isFloat();
  }

  /** A node that selects among stored numbers of one type, and so gives the same. */
  Optional<Held> moved(Node node) {
    boolean relu = node.op() instanceof Unary u && u.function() == Unary.Function.RELU;
    Activation activation = activation(node);
    if (!relu && (!selects(node) || node.op() instanceof Binary)) {
      return Optional.empty();
    }
    if (activation != Activation.NONE && activation != Activation.RELU) {
      return Optional.empty();
    }
    Held first = held.get(node.input());
    if (first == null) {
      return Optional.empty();
    }
    List<Value> operands = new ArrayList<>();
    for (Value input : node.inputs()) {
      Held each = held.get(input);
      boolean same =
          each != null
              && each.value().type().quant().equals(first.value().type().quant())
              && each.scale() == first.scale();
      if (input.type().isFloat() && !same) {
        return Optional.empty();
      }
      if (!input.type().isFloat() && !source.isConstant(input)) {
        return Optional.empty();
      }
      operands.add(each != null ? each.value() : made.constant(input));
    }
    TensorType type = first.value().type().withShape(node.output().type().shape());
    int before = made.size();
    try {
      Value output =
          made.add(
              NodeRule.stored(node.op(), type), operands, node.output().name() + "~int8", type);
      return Optional.of(new Held(output, first.scale()));
    } catch (IllegalArgumentException e) {
      made.cut(before);
      return Optional.empty();
    }
  }

  /** The number by which a node multiplies. */
  Optional<Double> factor(Node node) {
    boolean product =
        node.op() instanceof Binary b
            && b.function() == Binary.Function.MUL
            && b.activation() == Activation.NONE
            && node.input().type().shape().equals(node.output().type().shape());
    return product
        ? source
            .constant(node.inputs().get(1))
            .filter(data -> data.type().isFloat() && data.type().elements() == 1)
            .map(data -> (double) data.floats()[0])
            .filter(number -> number > 0 && Double.isFinite(number))
        : Optional.empty();
  }

  /** A constant in the type that others have that are moved with it. */
  Value constant(Value real, Target target) {
    float[] floats = source.constant(real).orElseThrow().floats();
    int[] stored = new int[floats.length];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = target.stored(floats[i]);
    }
    TensorType type = target.of(real.type().shape());
    return made.constant(real.name() + "~int8", Tensor.ofInts(type, stored));
  }

  /** The node of stored numbers whose output is this. */
  Value folded(Node node, Target target, Value output) {
    if (NodeRule.ofOp(node) instanceof NodeRule.Filtered filtered) {
      return filters.folded(node, filtered.channelAxis(), operand(node.input()), target, output);
    }
    if (!sameUnit(target.unit(), 1)) {
      throw new IllegalArgumentException("its result is scaled in a way that has no int8 form");
    }
    if (node.op() instanceof Softmax) {
      return softmax(node, output);
    }
    return switch (NodeRule.ofOp(node)) {
      case NodeRule.OwnRange own -> {
        List<Value> operands = new ArrayList<>();
        for (Value input : node.inputs()) {
          operands.add(source.isConstant(input) ? quantity(input) : plain(input));
        }
        yield made.add(node.op(), operands, output);
      }
      case NodeRule.OneType one -> averaged(node, output);
      case NodeRule.FixedType fixed ->
          rescaled(
              node,
              new TensorType(
                  DType.INT8,
                  output.type().shape(),
                  new QuantParams.PerTensor(fixed.scale(), fixed.zeroPoint())),
              output);
      case NodeRule.StaysFloat stays -> throw new IllegalArgumentException(stays.reason());
      case NodeRule.Filtered filtered -> throw new IllegalStateException();
      case NodeRule.Ordered ordered -> throw none();
      case NodeRule.AsItIs as -> throw none();
    };
  }

  private static IllegalArgumentException none() {
    return new IllegalArgumentException("it has no form of int8");
  }

  /** A node that gives a type of its own, which is then scaled to the output's. */
  private Value rescaled(Node node, TensorType quantity, Value output) {
    TensorType type = quantity.withShape(output.type().shape());
    List<Value> operands = List.of(plain(node.input()));
    if (node.inputs().size() != 1) {
      throw none();
    }
    Op op = NodeRule.stored(node.op(), type);
    if (type.equals(output.type())) {
      return made.add(op, operands, output);
    }
    if (type.scale() > COARSER * output.type().scale()) {
      throw new IllegalArgumentException(
          "its int8 result has steps of " + type.scale() + ", more than those of " + output.type());
    }
    Value own = made.add(op, operands, output.name() + "~own", type);
    return made.add(new Quantize(), List.of(own), output);
  }

  /** A mean of elements in the input's type, or in a finer one where the output's is. */
  private Value averaged(Node node, Value output) {
    Value input = plain(node.input());
    TensorType type = input.type();
    boolean coarser = type.scale() > COARSER * output.type().scale();
    if (!(node.op() instanceof Pool2d pool)) {
      return rescaled(node, type, output);
    }
    Shape map = type.shape();
    boolean whole =
        pool.activation() == Activation.NONE
            && pool.padding().equals(Padding2d.NONE)
            && pool.kernel().equals(new Size2d(map.dim(1), map.dim(2)));
    if (whole) {
      return made.add(
          new Reduce(Reduce.Function.MEAN, List.of(1, 2), true), List.of(input), output);
    }
    if (!coarser) {
      return rescaled(node, type, output);
    }
    TensorType wide =
        new TensorType(DType.INT16, map, new QuantParams.PerTensor(type.scale() / WIDENING, 0));
    Value widened = made.add(new Requantize(), List.of(input), output.name() + "~wide", wide);
    Op op =
        new WindowPool2d(
            WindowPool2d.Function.AVERAGE,
            1,
            pool.kernel(),
            pool.stride(),
            Size2d.ONE,
            pool.padding(),
            Padding2d.NONE,
            pool.activation());
    Value own =
        made.add(
            op, List.of(widened), output.name() + "~own", wide.withShape(output.type().shape()));
    return made.add(new Requantize(), List.of(own), output);
  }

  private Value softmax(Node node, Value output) {
    TensorType type = output.type();
    if (type.scale() == 1f / 256 && type.zeroPoint() == Byte.MIN_VALUE) {
      return made.add(node.op(), List.of(plain(node.input())), output);
    }
    TensorType wide =
        new TensorType(
            DType.INT16, type.shape(), new QuantParams.PerTensor(1f / 65536, Short.MIN_VALUE));
    Value own = made.add(node.op(), List.of(plain(node.input())), output.name() + "~wide", wide);
    return made.add(new Requantize(), List.of(own), output);
  }

  private Held operand(Value real) {
    Held operand = held.get(real);
    if (operand == null) {
      throw new IllegalArgumentException("what it takes is not quantised to 8 bits");
    }
    return operand;
  }

  /** An operand whose stored numbers are of their own scale. */
  private Value plain(Value real) {
    Held operand = operand(real);
    if (!sameUnit(operand.unit(), 1)) {
      throw new IllegalArgumentException("what it takes is scaled in a way that has no int8 form");
    }
    return operand.value();
  }

  /** A constant operand whose floats are quantised. */
  private Value quantity(Value real) {
    Tensor data = source.constant(real).orElseThrow();
    if (!data.type().isFloat()) {
      return made.constant(real);
    }
    WeightGrid grid =
        WeightGrid.of(data.floats())
            .orElseThrow(() -> new IllegalArgumentException("its constant is of more than 8 bits"));
    int zeroPoint =
        grid.isInt8() ? 0 : Math.clamp(Byte.MIN_VALUE - (long) grid.lowest(), -128, 127);
    if (grid.highest() + zeroPoint > Byte.MAX_VALUE) {
      throw new IllegalArgumentException("its constant is of more than 8 bits");
    }
    float scale = grid.scale() == 0 ? 1 : (float) grid.scale();
    int[] stored = grid.steps().clone();
    for (int i = 0; i < stored.length; i++) {
      stored[i] += zeroPoint;
    }
    TensorType type =
        new TensorType(DType.INT8, data.shape(), new QuantParams.PerTensor(scale, zeroPoint));
    return made.constant(real.name() + "~int8", Tensor.ofInts(type, stored));
  }
}
