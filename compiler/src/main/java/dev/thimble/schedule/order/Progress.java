package dev.thimble.schedule.order;

/** What is live after some tasks have run, and what another one would need. */
final class Progress {
  private final Flow flow;

  /** For each value, how many of its readers have not run. */
  private final int[] unread;

  /** For each task, how many of those that must come before it have not run. */
  private final int[] waiting;

  private long live;
  private long peak;

  Progress(Flow flow) {
    this.flow = flow;
    this.unread = new int[flow.values];
    this.waiting = new int[flow.tasks];
    for (int v = 0; v < flow.values; v++) {
      unread[v] = flow.readers[v].length;
      if (flow.isInput[v]) {
        peak += flow.bytes[v];
        live += unread[v] > 0 || flow.stays[v] ? flow.bytes[v] : 0;
      }
    }
    for (int t = 0; t < flow.tasks; t++) {
      waiting[t] = flow.before[t].length;
    }
  }

  long live() {
    return live;
  }

  /** The most bytes that memory has held so far. */
  long peak() {
    return peak;
  }

  boolean isReady(int task) {
    return waiting[task] == 0;
  }

  /** Whether the value is in memory and something still needs it. */
  boolean isUnread(int value) {
    return flow.stays[value] || unread[value] > 0;
  }

  /** What memory holds while the task runs next. */
  long need(int task) {
    int value = flow.overwritten[task];
    long saved = value >= 0 && unread[value] == 1 ? flow.reused[task] : 0;
    return live + flow.claims[task] - saved;
  }

  /** By how much more is live after the task than before it. */
  long growth(int task) {
    long growth = flow.leaves[task];
    for (int value : flow.reads[task]) {
      if (unread[value] == 1 && !flow.stays[value]) {
        growth -= flow.bytes[value];
      }
    }
    return growth;
  }

  void run(int task) {
    peak = Math.max(peak, need(task));
    live += growth(task);
    for (int value : flow.reads[task]) {
      unread[value]--;
    }
    for (int next : flow.after[task]) {
      waiting[next]--;
    }
  }
}
