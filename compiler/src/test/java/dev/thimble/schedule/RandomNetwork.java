package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Networks from a seed: convolutions, poolings, sums of branches, and a dense end now and then. */
final class RandomNetwork {
  private RandomNetwork() {}

  static Graph of(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Network net = new Network(random.nextBoolean() ? DType.INT8 : DType.FLOAT32);
    int side = 4 + random.nextInt(12);
    List<Value> maps = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(2); i++) {
      maps.add(net.input(1, side, side, 1 + random.nextInt(4)));
    }
    int nodes = 1 + random.nextInt(14);
    for (int i = 0; i < nodes; i++) {
      // Mostly the latest map, so that chains come about; now and then any, for branches.
      int from = random.nextInt(4) > 0 ? maps.size() - 1 : random.nextInt(maps.size());
      maps.add(next(net, random, maps, maps.get(from)));
    }
    Value last = maps.getLast();
    List<Value> outputs = new ArrayList<>(List.of(last));
    if (random.nextInt(3) == 0) {
      outputs.set(0, net.softmax(net.dense(net.flatten(last), 1 + random.nextInt(9))));
    }
    Value second = maps.get(random.nextInt(maps.size()));
    if (random.nextInt(3) == 0 && !second.name().startsWith("input") && second != last) {
      outputs.add(second);
    }
    return net.graph(outputs.toArray(Value[]::new));
  }

  private static Value next(Network net, SplittableRandom random, List<Value> maps, Value from) {
    int rows = from.type().shape().dim(1);
    return switch (random.nextInt(7)) {
      case 0, 1 ->
          net.convSame(from, 1 + random.nextInt(4), 1 + random.nextInt(8), 1 + random.nextInt(3));
      case 2 -> net.depthwise(from, 1 + random.nextInt(3), 1 + random.nextInt(2));
      case 3 -> rows >= 2 ? net.maxPool(from, 2) : net.relu(from);
      case 4 -> rows >= 3 ? net.convValid(from, 3, 1 + random.nextInt(8)) : net.relu(from);
      case 5 -> net.relu(from);
      default -> {
        List<Value> equal =
            maps.stream().filter(m -> m.type().shape().equals(from.type().shape())).toList();
        yield net.add(from, equal.get(random.nextInt(equal.size())));
      }
    };
  }
}
