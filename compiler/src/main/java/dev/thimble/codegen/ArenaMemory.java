package dev.thimble.codegen;

import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.RegionArena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an offset of a plan is in C. The arena of a program is one array; or, where the plan lies in
 * several memories, a structure that points to one array in each, whose addresses the node
 * functions take as a table.
 */
final class ArenaMemory {
  private final List<RegionArena> regions;
  private final List<String> names;

  ArenaMemory(MemoryPlan plan) {
    regions = plan.regions().size() > 1 ? plan.regions() : List.of();
    names = names(regions);
  }

  /** Names that C takes for the memories, none of which the API needs for something else. */
  private static List<String> names(List<RegionArena> regions) {
    List<String> names = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (RegionArena region : regions) {
      String lower = region.memory().name().toLowerCase(Locale.ROOT);
      String name = lower.replaceAll("[^a-z0-9]+", "_").replaceAll("^_+|_+$", "");
      name = name.matches("[a-z].*") ? name : "ram_" + name;
      name = name.substring(0, Math.min(name.length(), 30)) + (isFree(name) ? "" : "_ram");
      while (!taken.add(name)) {
        name += "_" + names.size();
      }
      names.add(name);
    }
    return List.copyOf(names);
  }

  private static boolean isFree(String name) {
    if (name.matches("arena|init|run|push_row_.*|trace.*|(in|out)put.*|quantize.*|dequantize.*")) {
      return false;
    }
    try {
      return new CName(name.substring(0, Math.min(name.length(), 30))).lower().equals(name)
          || name.length() > 30;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The memories, where there are several. */
  List<RegionArena> regions() {
    return regions;
  }

  /** Their names in C. */
  List<String> names() {
    return names;
  }

  boolean several() {
    return !regions.isEmpty();
  }

  /** The number of the memory that an offset lies in. */
  int region(long offset) {
    for (int i = 0; i < regions.size(); i++) {
      if (offset < regions.get(i).end()) {
        return i;
      }
    }
    return 0;
  }

  /** The offset within its memory. */
  long local(long offset) {
    return several() ? offset - regions.get(region(offset)).start() : offset;
  }

  /** The type by which node functions take the memory, to be followed by a name. */
  String type() {
    return several() ? "uint8_t *const *" : "uint8_t *";
  }

  /** The same for functions that only read. */
  String readType() {
    return several() ? "uint8_t *const *" : "const uint8_t *";
  }

  /** What the API hands to them. */
  String argument() {
    return several() ? "regions" : "arena->bytes";
  }

  /** The start of an offset's memory, within a node function. */
  String base(long offset) {
    return several() ? "arena[" + region(offset) + "]" : "arena";
  }

  /** The address of a byte, within a node function. */
  String address(long offset) {
    return plus(base(offset), local(offset));
  }

  /** The address of a byte, within a function of the API. */
  String ofApi(long offset) {
    String start = several() ? "arena->" + names.get(region(offset)) + "->bytes" : "arena->bytes";
    return plus(start, local(offset));
  }

  private static String plus(String start, long offset) {
    return offset == 0 ? start : start + " + " + offset;
  }

  /** The condition under which the API refuses an arena. */
  String isMissing() {
    return "arena == NULL"
        + names.stream().map(n -> " || arena->" + n + " == NULL").collect(Collectors.joining());
  }

  /** Writes the table of addresses that {@link #argument} names. */
  void writeTable(CWriter c) {
    if (several()) {
      c.line(
          "uint8_t *const regions[%d] = {%s};",
          names.size(),
          names.stream().map(n -> "arena->" + n + "->bytes").collect(Collectors.joining(", ")));
    }
  }
}
