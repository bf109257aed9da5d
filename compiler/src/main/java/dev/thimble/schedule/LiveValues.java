package dev.thimble.schedule;

import dev.thimble.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which values are in use between the steps of a schedule that runs every node whole. */
final class LiveValues {
  private final Schedule schedule;
  private final Map<Value, Integer> last = new HashMap<>();
  private final List<List<Value>> before = new ArrayList<>();

  /**
   * Looks at a schedule.
   *
   * @param schedule whose steps are all single calls
   */
  LiveValues(Schedule schedule) {
    this.schedule = schedule;
    List<Step> steps = schedule.steps();
    for (int i = 0; i < steps.size(); i++) {
      for (Value read : LiveRanges.reads(schedule.graph(), steps.get(i))) {
        last.put(read, i);
      }
    }
    schedule.graph().outputs().forEach(output -> last.put(output, steps.size()));
    schedule.graph().states().forEach(state -> last.put(state.next(), steps.size()));
    Set<Value> live = new LinkedHashSet<>(schedule.graph().inputs());
    schedule.graph().states().forEach(state -> live.add(state.current()));
    for (int i = 0; i < steps.size(); i++) {
      int step = i;
      live.removeIf(value -> last(value) < step);
      before.add(List.copyOf(live));
      live.addAll(steps.get(i).outputs());
    }
  }

  /**
   * The last step that reads the value: -1 if none does, the number of steps for a graph output.
   */
  int last(Value value) {
    return last.getOrDefault(value, -1);
  }

  /** The values that are in use before a step and in it or after it. */
  List<Value> before(int step) {
    return before.get(step);
  }

  /** The fewest bytes in use while a step runs. */
  long bytes(int step) {
    Step.Single single = (Step.Single) schedule.steps().get(step);
    long sum = single.kernel().scratchBytes();
    for (Value output : single.outputs()) {
      sum += output.type().bytes();
    }
    long saving = 0;
    for (Value value : before(step)) {
      long bytes = value.type().bytes();
      sum += bytes;
      if (last(value) == step) {
        long apart = bytes + Overlap.partner(single, value).type().bytes();
        saving = Math.max(saving, apart - Overlap.jointBytes(single, value));
      }
    }
    return sum - saving;
  }

  /** How many bytes before a dying operand the output of a step must begin to overlap it. */
  long shift(int step) {
    Step.Single single = (Step.Single) schedule.steps().get(step);
    long shift = 0;
    for (Value value : before(step)) {
      long out = Overlap.partner(single, value).type().bytes();
      long in = value.type().bytes();
      long joint = Overlap.jointBytes(single, value);
      if (last(value) == step && joint < in + out) {
        shift = Math.max(shift, joint - Math.max(in, out));
      }
    }
    return shift;
  }
}
