package dev.thimble.schedule.offsets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * The time of plain buffers, cut into the sections that matter: those whose set of live blocks is
 * not part of a neighbouring section's. Each block is live in a range of sections, and two blocks
 * meet exactly if their ranges do. Blocks that are no plain buffers are left out.
 */
final class Sections {
  final int[] first;
  final int[] last;
  private final int count;
  private final Conflicts conflicts;

  Sections(Conflicts conflicts) {
    this.conflicts = conflicts;
    // A set of live blocks is maximal where the next to end comes after the last to begin: at each
    // tick that begins a block and is followed by an end before another beginning.
    TreeSet<Integer> ends = new TreeSet<>();
    TreeSet<Integer> begins = new TreeSet<>();
    for (int i = 0; i < conflicts.count; i++) {
      if (!conflicts.plain[i]) {
        continue;
      }
      begins.add(conflicts.first[i]);
      ends.add(conflicts.last[i]);
    }
    List<Integer> ticks = new ArrayList<>();
    for (int begin : begins) {
      Integer following = begins.higher(begin);
      Integer end = ends.ceiling(begin);
      if (end != null && (following == null || end < following)) {
        ticks.add(begin);
      }
    }
    int[] at = ticks.stream().mapToInt(Integer::intValue).toArray();
    count = at.length;
    first = new int[conflicts.count];
    last = new int[conflicts.count];
    for (int i = 0; i < conflicts.count; i++) {
      int from = Arrays.binarySearch(at, conflicts.first[i]);
      int until = Arrays.binarySearch(at, conflicts.last[i]);
      first[i] = from >= 0 ? from : -from - 1;
      last[i] = until >= 0 ? until : -until - 2;
    }
  }

  int count() {
    return count;
  }

  boolean meet(int a, int b) {
    return first[a] <= last[b] && first[b] <= last[a];
  }

  /** Whether two blocks could be exchanged for each other. */
  boolean alike(int a, int b) {
    return first[a] == first[b]
        && last[a] == last[b]
        && conflicts.bytes[a] == conflicts.bytes[b]
        && conflicts.alignment[a] == conflicts.alignment[b];
  }

  /** The blocks in groups that do not meet each other, by time. */
  List<int[]> groups(int[] blocks) {
    int[] reach = new int[count + 1];
    Arrays.fill(reach, -1);
    for (int block : blocks) {
      reach[first[block]] = Math.max(reach[first[block]], last[block]);
    }
    int[] groupOf = new int[count];
    int group = -1;
    int until = -1;
    for (int s = 0; s < count; s++) {
      if (reach[s] >= 0 && s > until) {
        group++;
      }
      until = Math.max(until, reach[s]);
      groupOf[s] = group;
    }
    if (group == 0) {
      return List.of(blocks);
    }
    int[] sizes = new int[group + 1];
    for (int block : blocks) {
      sizes[groupOf[first[block]]]++;
    }
    List<int[]> groups = new ArrayList<>();
    for (int size : sizes) {
      groups.add(new int[size]);
    }
    int[] filled = new int[group + 1];
    for (int block : blocks) {
      int g = groupOf[first[block]];
      groups.get(g)[filled[g]++] = block;
    }
    return groups;
  }
}
