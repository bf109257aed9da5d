package dev.thimble.schedule;

import dev.thimble.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The order in which the stages of a stream take their turns.
 *
 * @param turns for each turn the index of its stage, or {@link #RECEIVE}
 */
public record RowOrder(List<Integer> turns) {
  /** The turn in which the next row of the network's input arrives. */
  public static final int RECEIVE = -1;

  /** Where a stage would stand that makes what is there before the stream. */
  private static final int NOBODY = -2;

  public RowOrder {
    turns = List.copyOf(turns);
  }

  /**
   * The order in which each stage runs as late as possible: the last stage asks for what its next
   * row needs, and so do the stages that it asks. Then the stages before it whose outputs are kept
   * are completed in the same manner, latest first, and rows that nobody asked for are received.
   */
  static RowOrder onDemand(Optional<Step.Fed> fed, List<Step.Stage> stages) {
    Demand demand = new Demand(fed, stages);
    for (int stage = stages.size() - 1; stage >= 0; stage--) {
      if (stages.get(stage).kept()) {
        demand.complete(stage);
      }
    }
    fed.ifPresent(f -> demand.receive(f.rows()));
    return new RowOrder(demand.turns);
  }

  private static final class Demand {
    private final List<Step.Stage> stages;

    /**
     * For each stage and operand the stage that makes it; streams are looked at by the thousand.
     */
    private final int[][] makers;

    private final List<Integer> turns = new ArrayList<>();
    private final int[] taken;
    private int received;

    Demand(Optional<Step.Fed> fed, List<Step.Stage> stages) {
      this.stages = stages;
      this.taken = new int[stages.size()];
      this.makers = new int[stages.size()][];
      Map<Value, Integer> numbers = new HashMap<>();
      fed.ifPresent(f -> numbers.put(f.value(), RECEIVE));
      for (int i = 0; i < makers.length; i++) {
        makers[i] =
            stages.get(i).operands().stream()
                .mapToInt(value -> numbers.getOrDefault(value, NOBODY))
                .toArray();
        numbers.put(stages.get(i).output(), i);
      }
    }

    void complete(int stage) {
      while (taken[stage] < stages.get(stage).rows().turns()) {
        take(stage);
      }
    }

    void receive(int rows) {
      while (received < rows) {
        turns.add(RECEIVE);
        received++;
      }
    }

    /** The depth of the recursion is at most the number of stages. */
    private void take(int index) {
      Step.Stage stage = stages.get(index);
      int[] asked = makers[index];
      for (int k = 0; k < asked.length; k++) {
        if (asked[k] == NOBODY) {
          continue;
        }
        int end = stage.rows().end(k, taken[index]);
        if (asked[k] == RECEIVE) {
          receive(end);
        } else {
          while (stages.get(asked[k]).rows().made(taken[asked[k]]) < end) {
            take(asked[k]);
          }
        }
      }
      turns.add(index);
      taken[index]++;
    }
  }
}
