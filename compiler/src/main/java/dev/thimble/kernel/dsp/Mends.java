package dev.thimble.kernel.dsp;

import java.util.ArrayList;
import java.util.List;

/**
 * The elements of a filter whose weights of two channels, 256 times the second one plus the first,
 * do not fit 16 bits. That is where the second one is -128 and the first one negative; what the
 * halfword lacks is 65536, which {@code dsp_gemm.h} takes off afterwards.
 *
 * @param quads for each quad of channels the elements that are listed
 */
record Mends(List<List<Element>> quads) {
  /** No quad needs any. */
  static final Mends NONE = new Mends(List.of());

  private static final int NOTHING = -1;
  private static final int SECOND_PAIR = 1 << 18;
  private static final int MORE = 1 << 19;

  /** The most words that {@code dsp_filters} has a number for. */
  private static final int MAX_WORDS = 0x3FFF;

  /** The most elements of a channel whose places, four bytes for each, are below those bits. */
  private static final int MAX_TAPS = SECOND_PAIR / 4;

  /**
   * One element.
   *
   * @param tap the index in the filter of a channel
   * @param second whether it is of the quad's second pair of channels
   */
  record Element(int tap, boolean second) {}

  Mends {
    quads = List.copyOf(quads);
  }

  /** Those of all whole quads of the first so many channels. */
  static Mends of(int[] filter, int taps, int channels) {
    List<List<Element>> quads = new ArrayList<>();
    for (int channel = 0; channel + 4 <= channels; channel += 4) {
      List<Element> elements = new ArrayList<>();
      for (int tap = 0; tap < taps; tap++) {
        for (int pair = 0; pair < 2; pair++) {
          if (FilterSteps.pair(filter, taps, channel + 2 * pair, tap) < Short.MIN_VALUE) {
            elements.add(new Element(tap, pair == 1));
          }
        }
      }
      quads.add(elements);
    }
    return quads.stream().allMatch(List::isEmpty) ? NONE : new Mends(quads);
  }

  boolean isEmpty() {
    return quads.isEmpty();
  }

  /** The words that all quads take. */
  int words() {
    return quads.stream().mapToInt(quad -> Math.max(1, quad.size())).sum();
  }

  /** Whether the kernels take their number, and the places in channels of so many elements. */
  boolean fit(int taps) {
    return words() <= MAX_WORDS && taps <= MAX_TAPS;
  }

  /**
   * The words of a quad.
   *
   * @param places where an element's tap lies, by tap
   */
  void addQuad(int quad, int[] places, List<Integer> words) {
    if (isEmpty()) {
      return;
    }
    List<Element> elements = quads.get(quad);
    if (elements.isEmpty()) {
      words.add(NOTHING);
    }
    for (int i = 0; i < elements.size(); i++) {
      Element element = elements.get(i);
      int place = places[element.tap()] | (element.second() ? SECOND_PAIR : 0);
      words.add(place | (i + 1 < elements.size() ? MORE : 0));
    }
  }
}
