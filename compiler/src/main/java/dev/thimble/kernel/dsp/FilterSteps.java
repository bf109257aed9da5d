package dev.thimble.kernel.dsp;

import java.util.ArrayList;
import java.util.List;

/**
 * The order in which the kernels by {@code dsp_gemm.h} take the elements of a window: in steps of
 * two. A window consists of runs of adjoining elements; of each run, four elements at a time are
 * two steps, (0, 2) and (1, 3), and what is left of all runs follows.
 *
 * @param steps pairs of indices of elements; the second of the last one is {@link #NONE} where the
 *     elements are odd in number
 * @param main how many steps come of fours
 */
record FilterSteps(List<Step> steps, int main) {
  /** Stands for no element. */
  static final int NONE = -1;

  /** Two elements that are multiplied at once. */
  record Step(int first, int second) {}

  FilterSteps {
    steps = List.copyOf(steps);
  }

  static FilterSteps of(int runs, int length) {
    List<Step> steps = new ArrayList<>();
    List<Integer> rest = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      int end = (run + 1) * length;
      int at = run * length;
      for (; at + 4 <= end; at += 4) {
        steps.add(new Step(at, at + 2));
        steps.add(new Step(at + 1, at + 3));
      }
      for (; at < end; at++) {
        rest.add(at);
      }
    }
    int main = steps.size();
    for (int i = 0; i < rest.size(); i += 2) {
      steps.add(new Step(rest.get(i), i + 1 < rest.size() ? rest.get(i + 1) : NONE));
    }
    return new FilterSteps(steps, main);
  }

  /** Whether the last step is of a single element. */
  boolean isOdd() {
    return steps.getLast().second() == NONE;
  }

  /** The steps of two elements. */
  int whole() {
    return steps.size() - (isOdd() ? 1 : 0);
  }

  /** The words of a pixel's column, an even number, as single channels read them by two. */
  int columnWords() {
    return (steps.size() + 1) / 2 * 2;
  }

  /** The words of a quad of channels, whose filters are rows of [O][taps]. */
  void addQuad(int[] filter, int taps, int channel, List<Integer> words) {
    for (Step step : steps) {
      int first = pairs(filter, taps, channel, step);
      int second = pairs(filter, taps, channel + 2, step);
      if (step.second() == NONE) {
        words.add((first & 0xFFFF) | second << 16);
      } else {
        words.add(first);
        words.add(second);
      }
    }
  }

  /** For both elements of a step 256 times the weight of the next channel plus this one's. */
  private static int pairs(int[] filter, int taps, int channel, Step step) {
    int low = pair(filter, taps, channel, step.first());
    int high = step.second() == NONE ? 0 : pair(filter, taps, channel, step.second());
    return (low & 0xFFFF) | high << 16;
  }

  /** 256 times the weight of the next channel plus this one's. */
  static int pair(int[] filter, int taps, int channel, int tap) {
    return 256 * filter[(channel + 1) * taps + tap] + filter[channel * taps + tap];
  }

  /** For each tap its place in the columns of a pair of pixels, in bytes. */
  int[] places(int taps) {
    int[] places = new int[taps];
    for (int i = 0; i < steps.size(); i++) {
      places[steps.get(i).first()] = Long.BYTES * i;
      if (steps.get(i).second() != NONE) {
        places[steps.get(i).second()] = Long.BYTES * i + Short.BYTES;
      }
    }
    return places;
  }

  /** The words of a channel by itself: two steps interleaved in each, zeros behind the last. */
  void addSingle(int[] filter, int taps, int channel, List<Integer> words) {
    for (int i = 0; i < steps.size(); i += 2) {
      int word = bytes(filter, taps, channel, steps.get(i));
      if (i + 1 < steps.size()) {
        word |= bytes(filter, taps, channel, steps.get(i + 1)) << 8;
      }
      words.add(word);
    }
  }

  private static int bytes(int[] filter, int taps, int channel, Step step) {
    int first = filter[channel * taps + step.first()];
    int second = step.second() == NONE ? 0 : filter[channel * taps + step.second()];
    return (first & 0xFF) | (second & 0xFF) << 16;
  }
}
