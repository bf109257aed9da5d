package dev.thimble.importer.data;

/**
 * Scales pictures as Pillow's BILINEAR does: a triangle as wide as an output pixel, and at least
 * two input pixels, weighs the input. Numbers stay real between columns and rows.
 */
final class Scaling {
  private Scaling() {}

  /** The first input entry of an output entry, and the weight of each from there on. */
  private record Taps(int first, double[] weights) {
    static Taps of(int index, int from, int to) {
      double scale = (double) from / to;
      double support = Math.max(scale, 1);
      double centre = (index + 0.5) * scale;
      int first = Math.max(0, (int) (centre - support + 0.5));
      int end = Math.min(from, (int) (centre + support + 0.5));
      double[] weights = new double[end - first];
      double sum = 0;
      for (int i = 0; i < weights.length; i++) {
        weights[i] = Math.max(0, 1 - Math.abs(first + i + 0.5 - centre) / support);
        sum += weights[i];
      }
      for (int i = 0; i < weights.length; i++) {
        weights[i] /= sum;
      }
      return new Taps(first, weights);
    }
  }

  /** A picture's pixels, row by row, scaled; channels from 0 to 255. */
  static int[][] scaled(int[][] pixels, int rows, int columns, int height, int width) {
    int channels = pixels[0].length;
    double[][] wide = new double[rows * width][channels];
    for (int x = 0; x < width; x++) {
      Taps taps = Taps.of(x, columns, width);
      for (int y = 0; y < rows; y++) {
        for (int i = 0; i < taps.weights().length; i++) {
          int[] pixel = pixels[y * columns + taps.first() + i];
          for (int c = 0; c < channels; c++) {
            wide[y * width + x][c] += taps.weights()[i] * pixel[c];
          }
        }
      }
    }
    int[][] scaled = new int[height * width][channels];
    for (int y = 0; y < height; y++) {
      Taps taps = Taps.of(y, rows, height);
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          double sum = 0;
          for (int i = 0; i < taps.weights().length; i++) {
            sum += taps.weights()[i] * wide[(taps.first() + i) * width + x][c];
          }
          scaled[y * width + x][c] = Math.clamp(Math.round(sum), 0, 255);
        }
      }
    }
    return scaled;
  }
}
