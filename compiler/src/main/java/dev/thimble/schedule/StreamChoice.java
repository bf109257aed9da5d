package dev.thimble.schedule;

import dev.thimble.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a schedule of single calls into segments, each a call or a stream, by dynamic programming:
 * for the smallest peak of bytes in use, or for the fewest turns among the cuts whose peak keeps to
 * a limit. Every value that crosses a cut is whole there, so segments do not depend on each other.
 * The peak is a sum of bytes in use, as if offsets wasted nothing.
 */
final class StreamChoice {
  /** So many turns of streams are looked at in all; the longest segment follows from it. */
  private static final double MOST_TURNS = 1e7;

  private static final long NEVER = Long.MAX_VALUE;

  /** Where the segment begins that receives the input. */
  private static final int FEEDING = -1;

  /** A segment that ends at a step: where it begins, whether it streams, and what that costs. */
  private record Segment(int from, boolean streams, long bytes, long turns, long shift) {}

  private final Schedule schedule;
  private final Optional<Step.Fed> fed;
  private final LiveValues live;

  /** For each number of steps, the segments that end after so many. */
  private final List<List<Segment>> segments = new ArrayList<>();

  /**
   * Looks at all segments.
   *
   * @param schedule whose steps are all single calls
   * @param fed the input that arrives row by row, if it does
   */
  StreamChoice(Schedule schedule, Optional<Step.Fed> fed) {
    this.schedule = schedule;
    this.fed = fed;
    this.live = new LiveValues(schedule);
    int count = schedule.steps().size();
    for (int i = 0; i <= count; i++) {
      segments.add(new ArrayList<>());
    }
    int longest = longest();
    if (fed.isPresent()) {
      segments.getFirst().add(segment(FEEDING, 0).orElseThrow());
      enter(FEEDING, longest);
    }
    for (int from = 0; from < count; from++) {
      segments.get(from + 1).add(new Segment(from, false, live.bytes(from), 0, live.shift(from)));
      enter(from, longest);
    }
  }

  private void enter(int from, int longest) {
    int begin = Math.max(0, from);
    int most = Math.min(schedule.steps().size(), begin + longest);
    for (int until = begin + 1; until <= most; until++) {
      Optional<Segment> segment = segment(from, until);
      if (segment.isEmpty()) {
        return;
      }
      segments.get(until).add(segment.get());
    }
  }

  private Optional<Segment> segment(int from, int until) {
    List<Value> before = from == FEEDING ? List.of() : live.before(from);
    return stream(from, until)
        .map(stream -> {
          long bytes = new StreamBytes(stream, before, value -> live.last(value) < until).peak();
          if (from == FEEDING) {
            bytes += Progress.fields(stream);
          }
          return new Segment(from, true, bytes, stream.order().turns().size(), 0);
        });
  }

  private Optional<Step.Stream> stream(int from, int until) {
    return from == FEEDING
        ? Streams.of(schedule, 0, until, fed)
        : Streams.of(schedule, from, until, Optional.empty());
  }

  /** The most steps of a segment, so that the work stays linear in the number of steps. */
  private int longest() {
    double turns = 1;
    for (Step step : schedule.steps()) {
      if (step instanceof Step.Single single && single.outputs().size() == 1) {
        Value output = single.outputs().getFirst();
        turns += RowForm.of(single.streamKernel(), output).map(RowForm::turns).orElse(0);
      }
    }
    return (int) Math.clamp(Math.sqrt(2 * MOST_TURNS / turns), 2, Streams.MOST_STAGES);
  }

  /** The smallest peak of any cut. */
  long smallestPeak() {
    long[] peaks = new long[segments.size()];
    for (int until = 0; until < peaks.length; until++) {
      peaks[until] = segments.get(until).isEmpty() ? 0 : NEVER;
      for (Segment segment : segments.get(until)) {
        long before = segment.from == FEEDING ? 0 : peaks[segment.from];
        peaks[until] = Math.min(peaks[until], Math.max(before, segment.bytes));
      }
    }
    return peaks[peaks.length - 1];
  }

  /** What a cut that keeps to a limit has little of besides. */
  enum Aim {
    /** Turns of streams, which cost time. */
    TURNS,
    /** Bytes in use in every segment, so that offsets have room. */
    BYTES,
    /** Outputs that must begin before the operand that they overlap: the shifts add up. */
    SHIFTS
  }

  /** The schedule whose segments stay within so many bytes and serve the aim best, if one does. */
  Optional<Schedule> within(long limit, Aim aim) {
    int count = schedule.steps().size();
    double[] costs = new double[count + 1];
    @Nullable Segment[] chosen = new Segment[count + 1];
    for (int until = 0; until <= count; until++) {
      costs[until] = segments.get(until).isEmpty() ? 0 : Double.POSITIVE_INFINITY;
      for (Segment segment : segments.get(until)) {
        double before = segment.from == FEEDING ? 0 : costs[segment.from];
        double cost = before + cost(segment, until, aim);
        if (segment.bytes <= limit && cost < costs[until]) {
          costs[until] = cost;
          chosen[until] = segment;
        }
      }
    }
    return costs[count] == Double.POSITIVE_INFINITY ? Optional.empty() : Optional.of(cut(chosen));
  }

  private static double cost(Segment segment, int until, Aim aim) {
    return switch (aim) {
      case TURNS -> segment.turns;
      case SHIFTS -> segment.shift + segment.turns * 1e-9;
      case BYTES -> Math.pow(segment.bytes, 2) * (until - Math.max(0, segment.from));
    };
  }

  private Schedule cut(@Nullable Segment[] chosen) {
    List<Step> steps = new ArrayList<>();
    int until = schedule.steps().size();
    for (Segment segment = chosen[until]; segment != null; segment = chosen[until]) {
      steps.add(
          segment.streams
              ? stream(segment.from, until).orElseThrow()
              : schedule.steps().get(segment.from));
      if (segment.from == FEEDING) {
        break;
      }
      until = segment.from;
    }
    return new Schedule(schedule.graph(), steps.reversed());
  }
}
