package dev.thimble.report.picture;

import dev.thimble.report.picture.ArenaPicture.Phase;
import java.util.List;

/**
 * Where ticks stand on an axis. A phase is as wide as the square root of its ticks, so that one of
 * hundreds of rows leaves room for those that run at once; within a phase all ticks are alike.
 */
final class TimeScale {
  private final List<Phase> phases;
  private final double[] starts;

  TimeScale(List<Phase> phases, double width) {
    this.phases = phases;
    double unit = width / phases.stream().mapToDouble(TimeScale::weight).sum();
    starts = new double[phases.size() + 1];
    for (int i = 0; i < phases.size(); i++) {
      starts[i + 1] = starts[i] + unit * weight(phases.get(i));
    }
    starts[phases.size()] = width;
  }

  private static double weight(Phase phase) {
    return Math.sqrt(phase.ticks());
  }

  /** Where a tick begins; the tick behind the last is the end of the axis. */
  double start(int tick) {
    int phase = phaseIndex(tick);
    if (phase == phases.size()) {
      return starts[phase];
    }
    Phase within = phases.get(phase);
    double part = (tick - within.firstTick()) / (double) within.ticks();
    return starts[phase] + part * (starts[phase + 1] - starts[phase]);
  }

  double middle(int tick) {
    return (start(tick) + start(tick + 1)) / 2;
  }

  double phaseStart(int phase) {
    return starts[phase];
  }

  double phaseWidth(int phase) {
    return starts[phase + 1] - starts[phase];
  }

  /** The tick at a place between 0 and the axis' width. */
  int tickAt(double x) {
    int phase = 0;
    while (phase < phases.size() - 1 && starts[phase + 1] <= x) {
      phase++;
    }
    Phase within = phases.get(phase);
    int tick = (int) Math.floor((x - starts[phase]) / phaseWidth(phase) * within.ticks());
    return within.firstTick() + Math.clamp(tick, 0, within.ticks() - 1);
  }

  private int phaseIndex(int tick) {
    int low = 0;
    int high = phases.size();
    while (low < high) {
      int middle = (low + high) / 2;
      if (phases.get(middle).lastTick() < tick) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
