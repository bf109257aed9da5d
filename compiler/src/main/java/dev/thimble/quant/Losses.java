package dev.thimble.quant;

/**
 * What a quantised network loses on samples.
 *
 * @param scores the squared error of the values by which the outputs are judged, as a part of their
 *     squares: of what a probability is made of, else of the outputs
 * @param outputs the same of the outputs themselves, where those are others
 * @param decisions how many decisions differ from the float network's
 */
record Losses(double scores, double outputs, long decisions) {
  /**
   * Whether this loses less than another, and nothing that users see is worse: neither do more
   * decisions differ nor is the error of the outputs larger. Scores tell differences apart that few
   * samples show in decisions; but a method may trade errors that no output shows for some that it
   * does.
   */
  boolean betterThan(Losses other) {
    return scores < other.scores && decisions <= other.decisions && outputs <= other.outputs;
  }
}
