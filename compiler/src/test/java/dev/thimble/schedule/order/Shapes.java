package dev.thimble.schedule.order;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/** Problems in the shapes of known networks, their sizes in arbitrary units. */
final class Shapes {
  private Shapes() {}

  /** Any graph: tasks of up to three reads of any value, some with two outputs or scratch. */
  static OrderProblem random(SplittableRandom random, int tasks, int reach) {
    Tasks net = new Tasks();
    List<Integer> values = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      values.add(net.input(random.nextInt(12)));
    }
    for (int t = 0; t < tasks; t++) {
      int[] reads = new int[random.nextInt(4)];
      for (int r = 0; r < reads.length; r++) {
        int back = 1 + random.nextInt(Math.min(reach, values.size()));
        reads[r] = values.get(values.size() - back);
      }
      List<Long> sizes = new ArrayList<>(List.of((long) random.nextInt(12)));
      if (random.nextInt(6) == 0) {
        sizes.add((long) random.nextInt(6));
      }
      long scratch = random.nextInt(3) == 0 ? random.nextInt(8) : 0;
      boolean inPlace = reads.length > 0 && random.nextInt(3) == 0;
      OptionalInt over = inPlace ? OptionalInt.of(reads[0]) : OptionalInt.empty();
      values.addAll(net.tasks(sizes, scratch, over, reads));
    }
    List<Integer> outputs = new ArrayList<>(List.of(values.getLast()));
    if (random.nextBoolean()) {
      outputs.add(values.get(random.nextInt(values.size())));
    }
    return net.problem(outputs.stream().distinct().toArray(Integer[]::new));
  }

  static OrderProblem chain(SplittableRandom random, int tasks) {
    Tasks net = new Tasks();
    int value = net.input(50);
    for (int t = 0; t < tasks; t++) {
      value = net.task(10 + random.nextInt(90), value);
    }
    return net.problem(value);
  }

  /** Blocks of two convolutions and a sum; each fourth block has one more on the shortcut. */
  static OrderProblem residual(SplittableRandom random, int tasks) {
    Tasks net = new Tasks();
    int value = net.input(50);
    for (int t = 0; t < tasks; t += 4) {
      long size = 20 + random.nextInt(80);
      int inner = net.task(size, net.task(20 + random.nextInt(200), value));
      int shortcut = net.task(size, value);
      value = net.inPlace(size, inner, shortcut);
    }
    return net.problem(value);
  }

  /** Blocks of four branches that a concatenation joins: 1x1, 3x3, twice 3x3, pooling. */
  static OrderProblem inception(SplittableRandom random, int tasks) {
    Tasks net = new Tasks();
    int value = net.input(100);
    for (int t = 0; t < tasks; t += 8) {
      int[] ends = {
        net.task(8 + random.nextInt(30), value),
        branch(net, random, value, 2),
        branch(net, random, value, 3),
        net.task(8 + random.nextInt(30), net.task(net.bytes(value), value))
      };
      value = concat(net, ends);
    }
    return net.problem(value);
  }

  private static int branch(Tasks net, SplittableRandom random, int from, int length) {
    int value = from;
    for (int i = 0; i < length; i++) {
      value = net.task(8 + random.nextInt(60), value);
    }
    return value;
  }

  private static int concat(Tasks net, int... parts) {
    long sum = 0;
    for (int part : parts) {
      sum += net.bytes(part);
    }
    return net.task(sum, parts);
  }

  /** Dense blocks: each layer reads all earlier ones of its block; transitions between blocks. */
  static OrderProblem dense(SplittableRandom random, int tasks, int perBlock) {
    Tasks net = new Tasks();
    int value = net.input(64);
    for (int t = 0; t < tasks; t += 3 * perBlock + 1) {
      List<Integer> parts = new ArrayList<>(List.of(value));
      for (int i = 0; i < perBlock; i++) {
        int[] all = parts.stream().mapToInt(Integer::intValue).toArray();
        int joined = all.length == 1 ? all[0] : concat(net, all);
        parts.add(net.task(12, net.task(30 + random.nextInt(20), joined)));
      }
      int[] all = parts.stream().mapToInt(Integer::intValue).toArray();
      value = net.task(64, concat(net, all));
    }
    return net.problem(value);
  }

  /** Down and up again, each level's map kept for the way up. */
  static OrderProblem unet(int levels) {
    Tasks net = new Tasks();
    int value = net.input(1L << (2 * levels));
    List<Integer> skips = new ArrayList<>();
    for (int level = levels; level > 0; level--) {
      long size = 3L << (2 * level - 1);
      int map = net.task(size, net.task(size, value));
      skips.add(map);
      value = net.task(size / 4, map);
    }
    for (int level = 1; level <= levels; level++) {
      int up = net.task(3L << (2 * level - 1), value);
      int joined = concat(net, up, skips.removeLast());
      value = net.task(3L << (2 * level - 1), net.task(3L << (2 * level - 1), joined));
    }
    return net.problem(net.task(8, value));
  }

  /** Cells of five sums of two operations each on the two cells before, as search finds them. */
  static OrderProblem searchedCells(SplittableRandom random, int cells) {
    Tasks net = new Tasks();
    int before = net.input(96);
    int last = net.task(120, before);
    for (int c = 0; c < cells; c++) {
      List<Integer> states = new ArrayList<>();
      states.add(net.task(48, before));
      states.add(net.task(48, last));
      List<Integer> unread = new ArrayList<>();
      for (int sum = 0; sum < 5; sum++) {
        int a = states.get(random.nextInt(states.size()));
        int b = states.get(random.nextInt(states.size()));
        unread.remove((Integer) a);
        unread.remove((Integer) b);
        int value = net.inPlace(48, operation(net, random, a), operation(net, random, b));
        states.add(value);
        unread.add(value);
      }
      before = last;
      last = concat(net, unread.stream().mapToInt(Integer::intValue).toArray());
    }
    return net.problem(last);
  }

  private static int operation(Tasks net, SplittableRandom random, int from) {
    return switch (random.nextInt(3)) {
      case 0 -> net.task(48, from);
      case 1 -> net.task(48, net.task(48 + random.nextInt(2) * 48, from));
      default -> net.task(48, net.task(48, net.task(48, net.task(48, from))));
    };
  }

  /** Cells wired at random: each node sums some of the few before it, then convolves. */
  static OrderProblem irregularCells(SplittableRandom random, int cells, int perCell) {
    Tasks net = new Tasks();
    int value = net.input(40);
    for (int c = 0; c < cells; c++) {
      List<Integer> nodes = new ArrayList<>(List.of(value));
      boolean[] read = new boolean[perCell + 1];
      for (int i = 0; i < perCell; i++) {
        int[] from = new int[1 + random.nextInt(2)];
        for (int r = 0; r < from.length; r++) {
          int node = Math.max(0, nodes.size() - 1 - random.nextInt(5));
          read[node] = true;
          from[r] = nodes.get(node);
        }
        boolean two = from.length == 2 && from[0] != from[1];
        int joined = two ? net.task(20 + random.nextInt(20), from) : from[0];
        nodes.add(net.task(10 + random.nextInt(40), joined));
      }
      List<Integer> ends = new ArrayList<>();
      for (int i = 0; i <= perCell; i++) {
        if (!read[i]) {
          ends.add(nodes.get(i));
        }
      }
      value = net.task(40, ends.stream().mapToInt(Integer::intValue).toArray());
    }
    return net.problem(value);
  }

  /** Branches that have nothing to do with each other until all are joined. */
  static OrderProblem parallelChains(SplittableRandom random, int branches, int length) {
    Tasks net = new Tasks();
    int value = net.input(30);
    int[] ends = new int[branches];
    for (int b = 0; b < branches; b++) {
      ends[b] = branch(net, random, value, length);
    }
    return net.problem(concat(net, ends));
  }
}
