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
    private final Optional<Step.Fed> fed;
    private final List<Step.Stage> stages;
    private final Map<Value, Integer> makers = new HashMap<>();
    private final List<Integer> turns = new ArrayList<>();
    private final int[] taken;
    private int received;

    Demand(Optional<Step.Fed> fed, List<Step.Stage> stages) {
      this.fed = fed;
      this.stages = stages;
      this.taken = new int[stages.size()];
      for (int i = 0; i < stages.size(); i++) {
        makers.put(stages.get(i).output(), i);
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
      List<Value> operands = stage.operands();
      for (int k = 0; k < operands.size(); k++) {
        int end = stage.rows().end(k, taken[index]);
        Integer maker = makers.get(operands.get(k));
        if (maker != null) {
          while (stages.get(maker).rows().made(taken[maker]) < end) {
            take(maker);
          }
        } else if (fed.isPresent() && fed.get().value().equals(operands.get(k))) {
          receive(end);
        }
      }
      turns.add(index);
      taken[index]++;
    }
  }
}
