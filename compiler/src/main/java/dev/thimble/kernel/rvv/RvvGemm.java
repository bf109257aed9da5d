package dev.thimble.kernel.rvv;

import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterList;
import dev.thimble.tensor.DType;

/**
 * The windows and filters of {@code thimble_gemm_rvv}.
 *
 * @param filters the output channels of a group
 * @param rows the rows of a window
 * @param taps the runs of a row
 * @param run the elements of a run, which adjoin
 * @param tapStep the distance of two runs
 * @param mostLanes the pixels that may be lanes at a time
 */
record RvvGemm(int filters, int groups, int rows, int taps, int run, int tapStep, int mostLanes) {
  /** More lanes than these serve only vectors of more than 512 bits. */
  static final int MOST_LANES = 128;

  private static final int LANES = 32;
  private static final int SUMS = 3;

  int depth() {
    return rows * taps * run;
  }

  /**
   * @param filter [O][rows][taps][run]
   */
  void addTo(ParameterList list, int[] filter, RvvScale scale) {
    ParameterList inside = list.inside("gemm");
    inside
        .table("filter", Parameter.Role.FILTER, DType.INT8, packed(filter))
        .int32("filters", filters)
        .int32("groups", groups)
        .int32("rows", rows)
        .int32("taps", taps)
        .int32("run", run)
        .int32("tap_step", tapStep)
        .int32("depth", depth())
        .int32("most_lanes", mostLanes);
    scale.addTo(list.inside("scale"));
  }

  private int[] packed(int[] filter) {
    int[] packed = new int[filter.length];
    int depth = depth();
    for (int group = 0; group < groups; group++) {
      int start = group * filters * depth;
      for (int i = 0; i < depth; i++) {
        for (int channel = 0; channel < filters; channel++) {
          packed[start + i * filters + channel] = filter[start + channel * depth + i];
        }
      }
    }
    return packed;
  }

  /** The instructions for a row of so many pixels. */
  long instructions(long pixels) {
    long runs = (long) rows * taps;
    long lanes = (pixels + LANES - 1) / LANES;
    int blocks = (filters + LANES - 1) / LANES;
    long across = lanes * ((filters + SUMS - 1) / SUMS);
    long along = blocks * ((pixels + SUMS - 1) / SUMS);
    long each =
        across < along
            ? lanes
                * (filters / SUMS * (depth() * 41L / 4 + 12 * runs + 100)
                    + filters % SUMS * (depth() * 25L / 4 + 12 * runs + 45))
            : blocks
                * (pixels / SUMS * (depth() * 10L + 14 * runs + 90)
                    + (pixels % SUMS == 0 ? 0 : depth() * (4 + 2 * (pixels % SUMS)) + 60));
    return groups * (each + 90);
  }
}
