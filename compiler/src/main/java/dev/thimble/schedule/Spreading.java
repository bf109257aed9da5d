package dev.thimble.schedule;

import dev.thimble.graph.Value;
import dev.thimble.schedule.offsets.Block;
import dev.thimble.schedule.offsets.Clearance;
import dev.thimble.schedule.offsets.Effort;
import dev.thimble.schedule.offsets.Greedy;
import dev.thimble.schedule.offsets.Offsets;
import dev.thimble.schedule.offsets.Problem;
import dev.thimble.schedule.offsets.Solution;
import dev.thimble.schedule.region.Item;
import dev.thimble.schedule.region.RamMemory;
import dev.thimble.schedule.region.RegionCost;
import dev.thimble.schedule.region.RegionPlacement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Places buffers in several memories: first in which, by what accesses cost there, then where, each
 * memory by itself. The rows of one value stay together, since a kernel finds them from one
 * address.
 */
final class Spreading {
  /** Offsets that count through the memories that are in use. */
  record Solved(Solution solution, List<RegionArena> regions) {}

  private final Buffers buffers;
  private final List<RamMemory> memories;

  /** For each item, the numbers of its buffers; an item's name is its number. */
  private final List<List<Integer>> groups;

  private final List<Item> items = new ArrayList<>();
  private final Map<List<Item>, Long> packed = new HashMap<>();

  Spreading(Buffers buffers, Accesses accesses, List<RamMemory> memories) {
    this.buffers = buffers;
    this.memories = memories;
    Map<Object, List<Integer>> byValue = new LinkedHashMap<>();
    for (int i = 0; i < buffers.buffers().size(); i++) {
      Optional<Value> value = buffers.buffers().get(i).value();
      Object key = value.isPresent() ? value.get() : Integer.valueOf(i);
      byValue.computeIfAbsent(key, k -> new ArrayList<>()).add(i);
    }
    groups = List.copyOf(byValue.values());
    for (int i = 0; i < groups.size(); i++) {
      List<Integer> group = groups.get(i);
      Problem problem = problem(group);
      items.add(
          new Item(
              Integer.toString(i),
              problem.lowerBound(),
              problem.blocks().stream().mapToInt(Block::first).min().orElse(0),
              problem.blocks().stream().mapToInt(Block::last).max().orElse(0),
              accesses.of(buffers.buffers().get(group.getFirst()))));
    }
  }

  Optional<Solved> solve() {
    List<RegionCost> costs = memories.stream().map(RamMemory::cost).toList();
    return RegionPlacement.of(items, costs, this::packedBytes).map(this::solved);
  }

  /** What a memory must have for these items; it grows with them, if only nearly so. */
  private long packedBytes(List<Item> there) {
    return packed.computeIfAbsent(
        List.copyOf(there), items -> padded(Greedy.solve(problem(numbers(items))).size()));
  }

  private Solved solved(RegionPlacement placement) {
    long[] offsets = new long[buffers.buffers().size()];
    List<RegionArena> regions = new ArrayList<>();
    long start = 0;
    for (int region = 0; region < memories.size(); region++) {
      List<Item> there = placement.in(region);
      if (!there.isEmpty()) {
        List<Integer> numbers = numbers(there);
        Solution solution = Offsets.solve(problem(numbers), Effort.FAST);
        for (int i = 0; i < numbers.size(); i++) {
          offsets[numbers.get(i)] = start + solution.offsets().get(i);
        }
        long bytes = padded(solution.size());
        long accessBytes = there.stream().mapToLong(Item::accessBytes).sum();
        regions.add(new RegionArena(memories.get(region), start, bytes, accessBytes));
        start += bytes;
      }
    }
    long bound = Math.min(start, buffers.problem().lowerBound());
    Solution.Proof proof = bound == start ? Solution.Proof.OPTIMAL : Solution.Proof.GAP;
    List<Long> list = Arrays.stream(offsets).boxed().toList();
    return new Solved(new Solution(list, start, bound, proof, "by memories"), regions);
  }

  private List<Integer> numbers(List<Item> there) {
    return there.stream()
        .flatMap(item -> groups.get(Integer.parseInt(item.name())).stream())
        .sorted()
        .toList();
  }

  /** The problem of these buffers alone. */
  private Problem problem(List<Integer> numbers) {
    Map<Integer, Integer> index = new HashMap<>();
    List<Block> blocks = new ArrayList<>();
    for (int number : numbers) {
      index.put(number, blocks.size());
      blocks.add(buffers.problem().blocks().get(number));
    }
    List<Clearance> clearances = new ArrayList<>();
    for (Clearance rule : buffers.problem().clearances()) {
      Integer first = index.get(rule.first());
      Integer second = index.get(rule.second());
      if (first != null && second != null) {
        clearances.add(new Clearance(first, second, rule.low(), rule.high()));
      }
    }
    return new Problem(blocks, clearances);
  }

  private static long padded(long bytes) {
    return (bytes + RegionArena.ALIGNMENT - 1) / RegionArena.ALIGNMENT * RegionArena.ALIGNMENT;
  }
}
