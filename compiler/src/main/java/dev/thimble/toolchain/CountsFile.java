package dev.thimble.toolchain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the counting plugin wrote: a line for what the cycles come from, if they come from anything,
 * for the total, for each node and for each region.
 */
record CountsFile(
    Profile.Counts total,
    Optional<String> cyclesBasis,
    long stackBytes,
    Map<Integer, Profile.Counts> functions,
    List<Profile.Region> regions) {
  // The last line of a file that is whole and counted exactly one inference.
  private static final String WHOLE = "windows 1 closed 1";

  /** Reads the file; throws {@link ToolException} unless it is whole. */
  static CountsFile read(Path file) throws IOException {
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    if (lines.isEmpty() || !lines.getLast().equals(WHOLE)) {
      throw new ToolException("the counting plugin wrote no whole counts; is QEMU older than 7.2?");
    }
    Map<Integer, Profile.Counts> functions = new TreeMap<>();
    List<Profile.Region> regions = new ArrayList<>();
    Row total = new Row(Map.of());
    Optional<String> basis = Optional.empty();
    for (String line : lines) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "basis" -> basis = Optional.of(line.substring("basis ".length()));
        case "total" -> total = Row.of(words, 1);
        case "node" -> functions.put(Integer.parseInt(words[1]), Row.of(words, 2).counts());
        case "region" -> regions.add(Row.of(words, 2).region(words[1]));
        default -> {} // The last line, which has been looked at.
      }
    }
    return new CountsFile(total.counts(), basis, total.get("stack"), functions, regions);
  }

  /** Pairs of a name and a number. */
  private record Row(Map<String, Long> numbers) {
    static Row of(String[] words, int first) {
      Map<String, Long> numbers = new HashMap<>();
      for (int i = first; i + 1 < words.length; i += 2) {
        numbers.put(words[i], Long.parseLong(words[i + 1]));
      }
      return new Row(numbers);
    }

    long get(String name) {
      return Optional.ofNullable(numbers.get(name))
          .orElseThrow(() -> new ToolException("the counting plugin counted no " + name));
    }

    Profile.Counts counts() {
      return new Profile.Counts(
          get("instructions"),
          get("cycles"),
          get("loads"),
          get("stores"),
          get("unaligned"),
          get("elements"));
    }

    Profile.Region region(String name) {
      return new Profile.Region(
          name, get("loads"), get("stores"), get("load_bytes"), get("store_bytes"));
    }
  }
}
