package dev.thimble.quant.fold;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Binary;
import dev.thimble.op.Cast;
import dev.thimble.quant.NodeRule;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which plain integers of a network are quantities, and of which scale and zero point. All that
 * reads them must agree with that: dequantisations, and nodes that only move them.
 */
final class StoredTypes {
  private final Graph graph;
  private final Map<Value, QuantParams.PerTensor> types = new HashMap<>();
  private final Set<Value> impossible = new HashSet<>();

  StoredTypes(Graph graph) {
    this.graph = graph;
    List<Value> candidates = new ArrayList<>();
    graph.inputs().stream().filter(Spelling::isByte).forEach(candidates::add);
    for (Node node : graph.nodes()) {
      node.outputs().stream().filter(Spelling::isByte).forEach(candidates::add);
    }
    candidates.forEach(this::fromWriter);
    candidates.reversed().forEach(this::fromReaders);
    candidates.forEach(this::fromMoved);
    // The ends of the network show their scales: one that nothing states cannot be shown.
    candidates.stream()
        .filter(value -> graph.isOutput(value) || graph.inputs().contains(value))
        .filter(value -> !isStated(value))
        .forEach(impossible::add);
    // What one node refuses, none that moves it or is moved by it can take.
    int before;
    do {
      before = impossible.size();
      candidates.stream()
          .filter(value -> !impossible.contains(value) && !agrees(value))
          .forEach(impossible::add);
    } while (impossible.size() > before);
  }

  /** The quantisation of plain integers, in their own type. */
  Optional<QuantParams.PerTensor> of(Value stored) {
    return impossible.contains(stored) ? Optional.empty() : Optional.ofNullable(types.get(stored));
  }

  /** The type by which the graph holds them: uint8 as int8 that is 128 less. */
  Optional<TensorType> held(Value stored) {
    return of(stored)
        .map(own -> {
          int zeroPoint =
              stored.type().dtype() == DType.UINT8
                  ? own.zeroPoint() + Byte.MIN_VALUE
                  : own.zeroPoint();
          return new TensorType(
              DType.INT8, stored.type().shape(), new QuantParams.PerTensor(own.scale(), zeroPoint));
        });
  }

  /** Whether a scale is spelled out where the integers are written or read. */
  private boolean isStated(Value stored) {
    boolean written =
        graph
            .producer(stored)
            .flatMap(node -> Spelling.mark(graph, node))
            .filter(Spelling.Mark::scaled)
            .isPresent();
    QuantParams.PerTensor type = types.get(stored);
    return written || (type != null && type.scale() != 1);
  }

  private void fromWriter(Value stored) {
    graph
        .producer(stored)
        .flatMap(node -> Spelling.mark(graph, node))
        .filter(mark -> fits(mark.zeroPoint(), stored))
        .ifPresent(mark -> {
          if (mark.scaled() || reading(stored).isEmpty()) {
            types.put(stored, new QuantParams.PerTensor(mark.scale(), mark.zeroPoint()));
          } else {
            // A sum of integers, scaled to the output's units: their size stands where it is read.
            types.put(
                stored, new QuantParams.PerTensor(reading(stored).get().scale(), mark.zeroPoint()));
          }
        });
  }

  private static boolean fits(int zeroPoint, Value stored) {
    DType dtype = stored.type().dtype();
    return zeroPoint >= dtype.min() && zeroPoint <= dtype.max();
  }

  /** A dequantisation of the integers, one with a scale if there is one. */
  private Optional<Spelling.Grid> reading(Value stored) {
    Optional<Spelling.Grid> found = Optional.empty();
    for (Node cast : graph.readers(stored)) {
      for (Spelling.Grid grid :
          cast.op() instanceof Cast ? grids(cast) : List.<Spelling.Grid>of()) {
        if (found.isEmpty() || found.get().scale() == 1) {
          found = Optional.of(grid);
        }
      }
    }
    return found;
  }

  /** The dequantisations that begin with a cast, as far as they go. */
  private List<Spelling.Grid> grids(Node cast) {
    List<Spelling.Grid> all = new ArrayList<>();
    List<Value> centred = new ArrayList<>();
    for (Node reader : graph.readers(cast.output())) {
      if (reader.op() instanceof Binary b && b.function() == Binary.Function.SUB) {
        centred.add(reader.output());
      }
    }
    if (centred.size() < graph.readers(cast.output()).size() || centred.isEmpty()) {
      centred.add(cast.output());
    }
    for (Value value : centred) {
      boolean last = true;
      for (Node reader : graph.readers(value)) {
        Optional<Spelling.Grid> scaled =
            reader.output().type().isFloat()
                    && reader.op() instanceof Binary b
                    && b.function() == Binary.Function.MUL
                ? Spelling.grid(graph, reader.output())
                : Optional.empty();
        scaled.ifPresent(all::add);
        last &= scaled.isEmpty();
      }
      if (last) {
        Spelling.grid(graph, value).ifPresent(all::add);
      }
    }
    return all;
  }

  private void fromReaders(Value stored) {
    if (types.containsKey(stored)) {
      return;
    }
    reading(stored)
        .filter(grid -> fits(grid.zeroPoint(), stored))
        .ifPresentOrElse(
            grid -> types.put(stored, new QuantParams.PerTensor(grid.scale(), grid.zeroPoint())),
            () ->
                graph.readers(stored).stream()
                    .flatMap(node -> movesOf(node).stream())
                    .map(move -> types.get(move.output()))
                    .filter(type -> type != null)
                    .findFirst()
                    .ifPresent(type -> types.put(stored, type)));
  }

  /** What is moved has the type of what it was before. */
  private void fromMoved(Value stored) {
    graph
        .producer(stored)
        .flatMap(this::move)
        .map(move -> types.get(move.operands().getFirst()))
        .ifPresent(type -> types.put(stored, type));
  }

  /**
   * Plain integers that are moved, and nothing else.
   *
   * @param node the op that moves them, of integers, or of floats between two casts
   */
  record Move(Node node, List<Value> operands, Value output) {}

  /** What ends with a node as a movement of plain integers. */
  Optional<Move> move(Node node) {
    if (node.outputs().size() != 1 || !Spelling.isByte(node.output())) {
      return Optional.empty();
    }
    if (Spelling.isByte(node.input()) && NodeRule.ofOp(node) instanceof NodeRule.OneType) {
      return Optional.of(new Move(node, node.inputs(), node.output()));
    }
    Optional<Node> pool = graph.producer(node.input()).filter(Operations::pools);
    Optional<Node> first =
        pool.flatMap(each -> graph.producer(each.input()))
            .filter(each -> each.op() instanceof Cast);
    boolean between =
        node.op() instanceof Cast
            && first.isPresent()
            && Spelling.isByte(first.get().input())
            && first.get().input().type().dtype() == node.output().type().dtype()
            && graph.onlyReader(node.input()).isPresent()
            && graph.onlyReader(first.get().output()).isPresent();
    return between
        ? Optional.of(new Move(pool.get(), List.of(first.get().input()), node.output()))
        : Optional.empty();
  }

  /** What begins with a node as a movement of plain integers. */
  private Optional<Move> movesOf(Node reader) {
    Node last = reader;
    if (reader.op() instanceof Cast && reader.output().type().isFloat()) {
      Optional<Node> cast =
          graph.onlyReader(reader.output()).flatMap(pool -> graph.onlyReader(pool.output()));
      if (cast.isEmpty()) {
        return Optional.empty();
      }
      last = cast.get();
    }
    return move(last).filter(move -> move.operands().contains(reader.input()));
  }

  private boolean agrees(Value stored) {
    QuantParams.PerTensor type = types.get(stored);
    if (type == null) {
      return false;
    }
    boolean written =
        graph
            .producer(stored)
            .map(node ->
                Spelling.mark(graph, node).isPresent()
                    || move(node)
                        .filter(each -> each.operands().stream().allMatch(in -> joins(in, type)))
                        .isPresent())
            .orElse(true);
    return written && graph.readers(stored).stream().allMatch(node -> reads(node, type));
  }

  private boolean joins(Value input, QuantParams.PerTensor type) {
    return !Spelling.isByte(input)
        || graph.isConstant(input)
        || (type.equals(types.get(input)) && !impossible.contains(input));
  }

  private boolean reads(Node node, QuantParams.PerTensor type) {
    Optional<Move> move = movesOf(node);
    if (move.isPresent()) {
      Value output = move.get().output();
      return type.equals(types.get(output)) && !impossible.contains(output);
    }
    List<Spelling.Grid> grids = node.op() instanceof Cast ? grids(node) : List.of();
    return !grids.isEmpty()
        && node.output().type().isFloat()
        && grids.stream().allMatch(grid -> grid.zeroPoint() == type.zeroPoint())
        && !graph.isOutput(node.output());
  }
}
