package dev.thimble.schedule.order;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tasks that follow each other without a gap in every order, numbered from 0 in the given order.
 * States are sets of tasks that have run; what was live before the segment and stays so is part of
 * every state.
 */
final class Segment {
  /**
   * What running some tasks does.
   *
   * @param rise what memory must hold meanwhile, above what is live before them
   * @param growth by how much more is live after them than before
   */
  record Effect(long rise, long growth) {}

  /** A value that tasks of the segment touch; its writer is -1 if it was there before. */
  private record Item(long bytes, int writer, long[] readers, boolean stays) {}

  final int size;

  /** The problem's number of the segment's first task; the others follow it. */
  final int first;

  /** What is live before the segment. */
  final long live;

  private final Flow flow;
  private final Map<Integer, Item> items = new LinkedHashMap<>();
  private final Item[][] reads;

  /** The value that each task may overwrite; meaningless where the flow says that there is none. */
  private final Item[] overwritten;

  private final long[][] ancestors;
  private final long[][] descendants;

  /**
   * The tasks from {@code first} to {@code end}, exclusive, where those before leave {@code live}
   * bytes.
   */
  Segment(Flow flow, int first, int end, long live) {
    this.flow = flow;
    this.first = first;
    this.size = end - first;
    this.live = live;
    for (int t = 0; t < size; t++) {
      for (int value : flow.writes[first + t]) {
        items.put(value, item(value, t));
      }
      for (int value : flow.reads[first + t]) {
        items.computeIfAbsent(value, v -> item(v, -1));
      }
    }
    reads = new Item[size][];
    overwritten = new Item[size];
    for (int t = 0; t < size; t++) {
      List<Item> list = new ArrayList<>();
      for (int value : flow.reads[first + t]) {
        Item item = itemOf(value);
        list.add(item);
        if (value == flow.overwritten[first + t]) {
          overwritten[t] = item;
        }
      }
      reads[t] = list.toArray(Item[]::new);
    }
    ancestors = new long[size][];
    descendants = new long[size][];
    close();
  }

  private Item itemOf(int value) {
    Item item = items.get(value);
    if (item == null) {
      throw new IllegalStateException("value " + value + " is not of this segment");
    }
    return item;
  }

  private Item item(int value, int writer) {
    long[] readers = Bits.empty(size);
    boolean stays = flow.stays[value];
    for (int reader : flow.readers[value]) {
      if (reader >= first + size) {
        stays = true;
      } else if (reader >= first) {
        Bits.set(readers, reader - first);
      }
    }
    return new Item(flow.bytes[value], writer, readers, stays);
  }

  private void close() {
    for (int t = 0; t < size; t++) {
      ancestors[t] = Bits.empty(size);
      for (int earlier : flow.before[first + t]) {
        if (earlier >= first) {
          Bits.set(ancestors[t], earlier - first);
          Bits.addAll(ancestors[t], ancestors[earlier - first]);
        }
      }
    }
    for (int t = size - 1; t >= 0; t--) {
      descendants[t] = Bits.empty(size);
      for (int later : flow.after[first + t]) {
        if (later < first + size) {
          Bits.set(descendants[t], later - first);
          Bits.addAll(descendants[t], descendants[later - first]);
        }
      }
    }
  }

  /** The tasks of the segment that must run before this one. */
  long[] ancestors(int task) {
    return ancestors[task];
  }

  /** The tasks of the segment that must run after this one. */
  long[] descendants(int task) {
    return descendants[task];
  }

  long[] all() {
    long[] all = Bits.empty(size);
    for (int t = 0; t < size; t++) {
      Bits.set(all, t);
    }
    return all;
  }

  /** What running these tasks, one after the other, does in a state. */
  Effect run(long[] done, int[] list) {
    long[] state = list.length == 1 ? done : Bits.copy(done);
    long rise = 0;
    long growth = 0;
    for (int t : list) {
      rise = Math.max(rise, growth + claim(state, t));
      growth += growth(state, t);
      if (list.length > 1) {
        Bits.set(state, t);
      }
    }
    return new Effect(rise, growth);
  }

  private long claim(long[] done, int t) {
    int task = first + t;
    boolean inPlace =
        flow.overwritten[task] >= 0
            && !overwritten[t].stays
            && Bits.containsBut(done, overwritten[t].readers, t);
    return flow.claims[task] - (inPlace ? flow.reused[task] : 0);
  }

  private long growth(long[] done, int t) {
    long growth = flow.leaves[first + t];
    for (Item item : reads[t]) {
      if (!item.stays && Bits.containsBut(done, item.readers, t)) {
        growth -= item.bytes;
      }
    }
    return growth;
  }

  /** What every order's peak within the segment reaches. */
  long bound() {
    long bound = 0;
    for (int t = 0; t < size; t++) {
      bound = Math.max(bound, certain(t));
    }
    return bound;
  }

  /** What memory holds while a task runs, whatever ran before that need not have. */
  private long certain(int t) {
    long[] needing = Bits.copy(descendants[t]);
    Bits.set(needing, t);
    long sum = live;
    for (Item item : items.values()) {
      boolean needed = item.stays || Bits.intersect(item.readers, needing);
      if (item.writer < 0) {
        sum -= needed ? 0 : item.bytes;
      } else if (needed && Bits.get(ancestors[t], item.writer)) {
        sum += item.bytes;
      }
    }
    long[] others = Bits.minus(all(), descendants[t]);
    return sum + claim(others, t);
  }
}
