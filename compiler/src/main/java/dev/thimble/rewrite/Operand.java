package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Op;
import dev.thimble.op.Unary;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Questions about the float computation behind a value, for rules that recognise one function
 * spelled out in several nodes.
 */
record Operand(Graph graph, Value value) {
  /** Constants in files are rounded in many ways: 0.166667 stands for a sixth. */
  private static final double CLOSE = 1e-5;

  /** A value as another one times a number. */
  record Scaled(Operand operand, double factor) {}

  /** The op that computes the value, if it is of this class. */
  <T extends Op> Optional<T> op(Class<T> type) {
    return graph.producer(value).map(Node::op).filter(type::isInstance).map(type::cast);
  }

  /** An input of the node that computes the value. */
  Operand input(int index) {
    return new Operand(graph, graph.producer(value).orElseThrow().inputs().get(index));
  }

  /** What this is the function of, if it is that function of something. */
  Optional<Operand> of(Unary.Function function) {
    return op(Unary.class).filter(unary -> unary.function() == function).map(u -> input(0));
  }

  /** Both operands, if the value is that function of two, and nothing more. */
  Optional<List<Operand>> pair(Binary.Function function) {
    return pair(function, Activation.NONE);
  }

  /** Both operands, if the value is that function of two, clamped in that way. */
  Optional<List<Operand>> pair(Binary.Function function, Activation activation) {
    return op(Binary.class)
        .filter(binary -> binary.function() == function && binary.activation() == activation)
        .map(binary -> List.of(input(0), input(1)));
  }

  /** The operand that goes with a constant number, if the value is that function of both. */
  Optional<Operand> with(Binary.Function function, Activation activation, double number) {
    return pair(function, activation).flatMap(pair -> other(pair, number));
  }

  private static Optional<Operand> other(List<Operand> pair, double number) {
    for (int i = 0; i < 2; i++) {
      OptionalDouble constant = pair.get(i).number();
      if (constant.isPresent() && isClose(constant.getAsDouble(), number)) {
        return Optional.of(pair.get(1 - i));
      }
    }
    return Optional.empty();
  }

  /** The number that the value is, if it is a constant of one element. */
  OptionalDouble number() {
    return graph
        .constant(value)
        .filter(data -> data.type().isFloat() && data.floats().length == 1)
        .map(data -> OptionalDouble.of(data.floats()[0]))
        .orElse(OptionalDouble.empty());
  }

  /** The value without its multiplications and divisions by numbers. */
  Scaled scaled() {
    Operand at = this;
    double factor = 1;
    while (true) {
      Optional<List<Operand>> product = at.pair(Binary.Function.MUL);
      Optional<List<Operand>> quotient = at.pair(Binary.Function.DIV);
      if (product.isPresent() && product.get().get(1).number().isPresent()) {
        factor *= product.get().get(1).number().getAsDouble();
        at = product.get().get(0);
      } else if (product.isPresent() && product.get().get(0).number().isPresent()) {
        factor *= product.get().get(0).number().getAsDouble();
        at = product.get().get(1);
      } else if (quotient.isPresent() && quotient.get().get(1).number().isPresent()) {
        factor /= quotient.get().get(1).number().getAsDouble();
        at = quotient.get().get(0);
      } else {
        return new Scaled(at, factor);
      }
    }
  }

  /** Whether the value is another one times this number. */
  boolean is(Operand other, double factor) {
    Scaled mine = scaled();
    Scaled its = other.scaled();
    return mine.operand().equals(its.operand()) && isClose(mine.factor(), factor * its.factor());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Operand operand && value.equals(operand.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  static boolean isClose(double a, double b) {
    return Math.abs(a - b) <= CLOSE * Math.abs(b);
  }
}
