package dev.thimble.schedule.region;

import dev.thimble.target.Board;
import dev.thimble.target.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * What placement takes of a board's figures. Costs are cycles of the core for each byte, of
 * accesses of {@value #WORD_BYTES} bytes. Where a board's documents give no wait states, a figure
 * of the kind's stands in: it puts the regions in order and is never reported.
 */
public final class RegionCosts {
  private static final int WORD_BYTES = 4;

  private RegionCosts() {}

  /** The RAM that items can be placed in: see {@link #memories}. */
  public static List<RegionCost> ram(Board board, long reserved) {
    return memories(board, reserved).stream().map(RamMemory::cost).toList();
  }

  /**
   * The RAM that a board's core reaches by address, in the board's order. Regions at consecutive
   * addresses that cost the same are one, called by all their names.
   *
   * @param reserved bytes of the first that stay free, for the stack and other variables
   */
  public static List<RamMemory> memories(Board board, long reserved) {
    List<Region> left =
        new ArrayList<>(
            board.regions().stream().filter(r -> r.kind().isRam() && r.mapped()).toList());
    List<RamMemory> result = new ArrayList<>();
    while (!left.isEmpty()) {
      List<Region> joined = consecutive(left.getFirst(), left);
      left.removeAll(joined);
      result.add(memory(joined, result.isEmpty() ? reserved : 0));
    }
    return result;
  }

  private static RamMemory memory(List<Region> joined, long reserved) {
    String name = joined.stream().map(Region::name).collect(Collectors.joining("+"));
    long bytes = joined.stream().mapToLong(Region::bytes).sum();
    Region first = joined.getFirst();
    return new RamMemory(
        name,
        first.address(),
        first.section(),
        bytes,
        first.kind() == Region.Kind.EXTERNAL_RAM,
        new RegionCost(name, Math.max(0, bytes - reserved), costPerByte(first)));
  }

  /** The regions of like cost that adjoin {@code first}, and itself, by address. */
  private static List<Region> consecutive(Region first, List<Region> all) {
    List<Region> joined = new ArrayList<>(List.of(first));
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Region region : all) {
        boolean like =
            !joined.contains(region)
                && region.kind() == first.kind()
                && costPerByte(region) == costPerByte(first);
        if (like && region.address().getAsLong() == end(joined.getLast())) {
          joined.addLast(region);
          grown = true;
        } else if (like && end(region) == joined.getFirst().address().getAsLong()) {
          joined.addFirst(region);
          grown = true;
        }
      }
    }
    return joined;
  }

  private static long end(Region region) {
    return region.address().getAsLong() + region.bytes();
  }

  /**
   * The memories that weights can lie in, in the board's order.
   *
   * @param code bytes of the first of them that the program's code takes
   */
  public static List<WeightMemory> weights(Board board, long code) {
    List<Region> regions = board.regions().stream().filter(r -> !r.kind().isRam()).toList();
    return regions.stream()
        .map(region ->
            new WeightMemory(
                region.name(),
                Math.max(0, region.bytes() - (region == regions.getFirst() ? code : 0)),
                costPerByte(region),
                region.mapped(),
                region.dma()))
        .toList();
  }

  /** The cycles that a byte of sequential accesses takes. */
  static double costPerByte(Region region) {
    OptionalInt known =
        region.sequentialWaitStates().isPresent()
            ? region.sequentialWaitStates()
            : region.randomWaitStates();
    return (1.0 + known.orElse(assumedWaitStates(region.kind()))) / WORD_BYTES;
  }

  private static int assumedWaitStates(Region.Kind kind) {
    return switch (kind) {
      case RAM -> 2;
      case FLASH -> 6;
      case EXTERNAL_RAM -> 20;
      case EXTERNAL_FLASH -> 30;
    };
  }
}
