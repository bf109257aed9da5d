package dev.thimble.report.picture;

import dev.thimble.report.picture.ArenaPicture.Area;
import dev.thimble.report.picture.ArenaPicture.Phase;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names short enough to stand in a picture. Converters join the names of all that they fused with
 * semicolons, and put the network's name before each: the first part says enough wherever no other
 * value has the same.
 */
final class ShortNames {
  /** Beyond so many names nobody reads them in a picture. */
  private static final int MOST = 2000;

  private final Map<String, String> shorter = new HashMap<>();
  private final List<String> longestFirst;

  private ShortNames(Set<String> names) {
    Map<String, Integer> uses = new HashMap<>();
    names.forEach(name -> uses.merge(cut(name), 1, Integer::sum));
    for (String name : names) {
      if (uses.getOrDefault(cut(name), 0) == 1 && !cut(name).equals(name)) {
        shorter.put(name, cut(name));
      }
    }
    longestFirst =
        shorter.keySet().stream()
            .sorted(Comparator.comparingInt(String::length).reversed().thenComparing(n -> n))
            .toList();
  }

  static ShortNames of(ArenaPicture picture) {
    Set<String> names = new HashSet<>();
    picture.areas().stream().map(Area::name).forEach(names::add);
    return new ShortNames(names.size() <= MOST ? names : Set.of());
  }

  private static String cut(String name) {
    int end = name.indexOf(';');
    String first = end > 0 ? name.substring(0, end) : name;
    String[] parts = first.split("/", -1);
    int from = Math.max(0, parts.length - 2);
    String cut = String.join("/", List.of(parts).subList(from, parts.length));
    return cut.isBlank() ? name : cut;
  }

  String of(String name) {
    return shorter.getOrDefault(name, name);
  }

  /** The label with the short names of the values that it names. */
  String of(Phase phase) {
    String label = phase.label();
    for (String name : longestFirst) {
      label = label.replace(name, of(name));
    }
    return label;
  }
}
