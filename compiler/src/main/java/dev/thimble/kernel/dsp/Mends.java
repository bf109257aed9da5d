package dev.thimble.kernel.dsp;

import java.util.ArrayList;
import java.util.List;

/**
 * Corrections of sums whose weights overflow a halfword. {@code dsp_gemm.h} multiplies by the
 * weights of two channels at once, {@code w[0] + 256 * w[1]}. Where {@code w[1]} is -128 and {@code
 * w[0]} negative, that is below -32768, and the halfword holds 65536 too much. The elements of
 * which this holds are listed; 65536 times what they are multiplied with is taken off the sums
 * afterwards.
 *
 * @param quads for each quad of channels its listed elements; none at all where no quad has any
 */
record Mends(List<List<Element>> quads) {
  /** No weights overflow. */
  static final Mends NONE = new Mends(List.of());

  private static final int NOTHING = -1;
  private static final int SECOND_PAIR = 1 << 18;
  private static final int MORE = 1 << 19;

  /** The most words that {@code dsp_filters} has a number for. */
  private static final int MAX_WORDS = 0x3FFF;

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

  /**
   * The corrections of all whole quads among the first channels.
   *
   * @param filter [O][taps]
   * @param channels how many of the O channels are looked at
   */
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

  /** Whether their number is one that the kernels take. */
  boolean fits() {
    return words() <= MAX_WORDS;
  }

  /**
   * Adds the words of a quad, if any quad has corrections.
   *
   * @param places for each tap, where what it is multiplied with lies: bytes from the column's
   *     start
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
