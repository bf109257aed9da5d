package dev.thimble.target;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A board as its documents describe it: figures only, each with its source.
 *
 * @param name what it is called on the command line
 * @param aliases other names for it
 * @param title its name in full
 * @param part the vendor's part number of its microcontroller
 * @param target what programs for it are compiled for
 * @param clockMhz the fastest clock of the core that its documents allow
 * @param clockSource the document that says so
 * @param activePower what it takes while the core computes, where a document says it
 * @param regions its memories, the one that linker scripts fill first of each kind before the
 *     others
 */
public record Board(
    String name,
    List<String> aliases,
    String title,
    String part,
    Target target,
    double clockMhz,
    String clockSource,
    Optional<ActivePower> activePower,
    List<Region> regions) {
  /**
   * What a board takes while its core computes.
   *
   * @param milliamperes the current
   * @param volts the supply at which it was measured
   * @param mhz the clock at which it was measured
   * @param conditions what else was measured: which parts were on, from which memory code ran
   * @param source the document
   */
  public record ActivePower(
      double milliamperes, double volts, double mhz, String conditions, String source) {
    public ActivePower {
      if (!(milliamperes > 0 && volts > 0 && mhz > 0)) {
        throw new IllegalArgumentException("active power must be of positive figures");
      }
    }

    public double milliwatts() {
      return milliamperes * volts;
    }
  }

  public Board {
    aliases = List.copyOf(aliases);
    regions = List.copyOf(regions);
    if (name.isBlank()) {
      throw new IllegalArgumentException("a board has no name");
    }
    if (!(clockMhz > 0)) {
      throw new IllegalArgumentException("board '" + name + "' has a clock of " + clockMhz);
    }
    if (regions.stream().noneMatch(region -> region.kind().isRam() && region.mapped())) {
      throw new IllegalArgumentException("board '" + name + "' has no RAM with an address");
    }
    checkRegions(name, regions);
  }

  private static void checkRegions(String board, List<Region> regions) {
    Set<String> names = new HashSet<>();
    for (Region region : regions) {
      if (!names.add(region.name())) {
        throw new IllegalArgumentException(
            "board '" + board + "' has two regions '" + region.name() + "'");
      }
      for (Region other : regions) {
        if (other != region && region.overlaps(other)) {
          throw new IllegalArgumentException(
              "board '"
                  + board
                  + "': regions '"
                  + region.name()
                  + "' and '"
                  + other.name()
                  + "' have addresses in common");
        }
      }
    }
  }

  /** The most bytes of the chip's own RAM at consecutive addresses: what one array can take. */
  public long ramBytes() {
    return consecutive(region -> region.kind() == Region.Kind.RAM);
  }

  /** The most bytes of any RAM at consecutive addresses, RAM outside of the chip included. */
  public long anyRamBytes() {
    return consecutive(region -> region.kind().isRam());
  }

  /**
   * The most bytes at consecutive addresses in the memory that programs lie in: the chip's own
   * flash, or, where it has none, the external flash that it runs code from.
   */
  public long flashBytes() {
    long internal = consecutive(region -> region.kind() == Region.Kind.FLASH);
    return internal > 0
        ? internal
        : consecutive(region -> region.kind() == Region.Kind.EXTERNAL_FLASH && region.executable());
  }

  /** The memory that programs lie in: the chip's own flash, or else the first outside of it. */
  public Optional<Region> programMemory() {
    return Stream.of(Region.Kind.FLASH, Region.Kind.EXTERNAL_FLASH)
        .flatMap(kind -> regions.stream().filter(region -> region.kind() == kind))
        .filter(Region::mapped)
        .findFirst();
  }

  /** The wait states of a random read of the memory that programs lie in, where known. */
  public OptionalInt flashWaitStates() {
    return programMemory().map(Region::randomWaitStates).orElse(OptionalInt.empty());
  }

  /** The documents that its figures are from, each once, in the order of the record. */
  public List<String> sources() {
    return Stream.of(
            Stream.of(clockSource),
            activePower.map(ActivePower::source).stream(),
            regions.stream().map(Region::source))
        .flatMap(sources -> sources)
        .distinct()
        .toList();
  }

  private long consecutive(Predicate<Region> wanted) {
    List<Region> found =
        regions.stream()
            .filter(wanted)
            .filter(Region::mapped)
            .sorted(Comparator.comparingLong(region -> region.address().getAsLong()))
            .toList();
    long best = 0;
    long run = 0;
    long end = -1;
    for (Region region : found) {
      long start = region.address().getAsLong();
      run = start == end ? run + region.bytes() : region.bytes();
      end = start + region.bytes();
      best = Math.max(best, run);
    }
    return best;
  }
}
