package dev.thimble.schedule;

import dev.thimble.graph.Node;
import dev.thimble.graph.State;
import dev.thimble.graph.Value;
import dev.thimble.schedule.offsets.Solution;
import dev.thimble.schedule.region.RamMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A schedule and the place of everything that it keeps in RAM.
 *
 * @param buffers every buffer, scratch included, with its offset in the arena, by first use
 * @param places for each value that is stored, where
 * @param scratch for each call, by its first node, the offset of the kernel's working memory, if it
 *     needs any
 * @param progress the offset of what a stream that is fed remembers between rows
 * @param arenaBytes the size of the arena: state, inputs, outputs, activations and scratch
 * @param lowerBound no placing of these buffers needs less
 * @param solver what found the offsets
 * @param regions the memories of the board that the arena lies in, in the order of their offsets;
 *     none where no board is known
 * @param copies the weights that are copied to the arena, by the steps that read them
 */
public record MemoryPlan(
    Strategy strategy,
    Schedule schedule,
    List<Placed> buffers,
    Map<Value, Place> places,
    Map<Node, Long> scratch,
    OptionalLong progress,
    long arenaBytes,
    long lowerBound,
    String solver,
    List<RegionArena> regions,
    List<WeightCopy> copies) {
  /** A buffer and its offset from the arena's start, in bytes. */
  public record Placed(Buffer buffer, long offset) {}

  /** Where a value lies, in bytes from the arena's start. */
  public sealed interface Place {
    /** All of it, one byte after the other. */
    record Whole(long offset) implements Place {}

    /** Row {@code r} lies at {@code slots[r % slots.size()]}. */
    record Rows(List<Long> slots) implements Place {
      public Rows {
        slots = List.copyOf(slots);
        if (slots.isEmpty()) {
          throw new IllegalArgumentException("rows need at least one slot");
        }
      }
    }
  }

  public MemoryPlan {
    buffers = List.copyOf(buffers);
    places = Map.copyOf(places);
    scratch = Map.copyOf(scratch);
    regions = List.copyOf(regions);
    copies = List.copyOf(copies);
  }

  /** A plan for one memory, all weights in place. */
  public MemoryPlan(
      Strategy strategy,
      Schedule schedule,
      List<Placed> buffers,
      Map<Value, Place> places,
      Map<Node, Long> scratch,
      OptionalLong progress,
      long arenaBytes,
      long lowerBound,
      String solver) {
    this(
        strategy,
        schedule,
        buffers,
        places,
        scratch,
        progress,
        arenaBytes,
        lowerBound,
        solver,
        List.of(),
        List.of());
  }

  /** The plan that puts the buffers of a schedule where a solution says. */
  static MemoryPlan of(
      Strategy strategy, Schedule schedule, List<Buffer> buffers, Solution solution) {
    return of(strategy, schedule, buffers, solution, List.of());
  }

  /** As above, in several memories: the solution's offsets count through them. */
  static MemoryPlan of(
      Strategy strategy,
      Schedule schedule,
      List<Buffer> buffers,
      Solution solution,
      List<RegionArena> regions) {
    List<WeightCopy> copies = new ArrayList<>();
    List<Placed> placed = new ArrayList<>();
    Map<Value, TreeMap<Integer, Long>> slots = new HashMap<>();
    Map<Value, Place> places = new HashMap<>();
    Map<Node, Long> scratch = new HashMap<>();
    OptionalLong progress = OptionalLong.empty();
    for (int i = 0; i < buffers.size(); i++) {
      Buffer buffer = buffers.get(i);
      long offset = solution.offsets().get(i);
      placed.add(new Placed(buffer, offset));
      if (buffer.kind() == Buffer.Kind.STATE && buffer.value().isEmpty()) {
        progress = OptionalLong.of(offset);
      }
      if (buffer.kind() == Buffer.Kind.WEIGHTS) {
        copies.add(new WeightCopy(buffer.last(), buffer.first(), offset, buffer.bytes()));
      }
      buffer.scratchOf().ifPresent(node -> scratch.put(node, offset));
      if (buffer.value().isPresent()) {
        Value value = buffer.value().get();
        if (buffer.slot() == Buffer.WHOLE) {
          places.put(value, new Place.Whole(offset));
        } else {
          slots.computeIfAbsent(value, v -> new TreeMap<>()).put(buffer.slot(), offset);
        }
      }
    }
    for (State state : schedule.graph().states()) {
      places.put(state.next(), Objects.requireNonNull(places.get(state.current())));
    }
    slots.forEach((value, at) -> places.put(value, new Place.Rows(List.copyOf(at.values()))));
    return new MemoryPlan(
        strategy,
        schedule,
        placed,
        places,
        scratch,
        progress,
        solution.size(),
        solution.bound(),
        solution.solver(),
        regions,
        copies);
  }

  /** The same plan, known to lie in one memory. */
  public MemoryPlan in(RamMemory memory) {
    RegionArena region = new RegionArena(memory, 0, arenaBytes, RegionPlanner.accessBytes(this));
    return new MemoryPlan(
        strategy,
        schedule,
        buffers,
        places,
        scratch,
        progress,
        arenaBytes,
        lowerBound,
        solver,
        List.of(region),
        copies);
  }

  /** The copy of a step's weights, if they are copied. */
  public Optional<WeightCopy> copy(int step) {
    return copies.stream().filter(copy -> copy.step() == step).findFirst();
  }

  /** Where the value lies, or nothing for constants and for values that are never stored. */
  public Optional<Place> place(Value value) {
    return Optional.ofNullable(places.get(value));
  }

  /** The offset of a value that lies whole in the arena; throws where it does not. */
  public long offset(Value value) {
    if (places.get(value) instanceof Place.Whole whole) {
      return whole.offset();
    }
    throw new IllegalArgumentException("'" + value.name() + "' does not lie whole in the arena");
  }

  /** The buffers without their offsets. */
  public List<Buffer> planned() {
    return buffers.stream().map(Placed::buffer).toList();
  }

  /** The same plan under the name of a strategy that found nothing better. */
  MemoryPlan as(Strategy changed) {
    return new MemoryPlan(
        changed, schedule, buffers, places, scratch, progress, arenaBytes, lowerBound, solver);
  }
}
