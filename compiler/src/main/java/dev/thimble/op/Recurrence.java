package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * How a recurrent node goes through its input, T frames of I numbers for each of N batch entries.
 *
 * @param timeMajor whether the input is [T, N, I] and not [N, T, I]; so then is the output
 * @param reverse whether the last frame comes first; results stand where their frames do
 * @param last whether the output is only what the last step gives, [N, H], and not all steps
 * @param lengths for each batch entry how many of its frames count, from the first on; the results
 *     of the others are 0. Empty where all do
 */
public record Recurrence(boolean timeMajor, boolean reverse, boolean last, List<Integer> lengths) {
  public Recurrence {
    lengths = List.copyOf(lengths);
    Checks.require(
        lengths.stream().allMatch(n -> n > 0), "lengths must be positive, are " + lengths);
  }

  /** All frames in their order, [N, T, I] to [N, T, H]. */
  public static final Recurrence FORWARD = new Recurrence(false, false, false, List.of());

  /** The output's shape for H units. */
  Shape outputShape(TensorType input, int units) {
    Checks.rank("input", input, 3);
    int batch = batch(input);
    Checks.require(
        lengths.isEmpty()
            || (lengths.size() == batch
                && lengths.stream().allMatch(length -> length <= steps(input))),
        "lengths " + lengths + " do not fit the input " + input.shape());
    return last
        ? Shape.of(batch, units)
        : Shape.of(input.shape().dim(0), input.shape().dim(1), units);
  }

  /** N. */
  public int batch(TensorType input) {
    return input.shape().dim(timeMajor ? 1 : 0);
  }

  /** T. */
  public int steps(TensorType input) {
    return input.shape().dim(timeMajor ? 0 : 1);
  }

  /** How many frames of a batch entry count. */
  int steps(TensorType input, int entry) {
    return lengths.isEmpty() ? steps(input) : lengths.get(entry);
  }

  /** Where the frame of a batch entry's step stands among all frames of all entries. */
  int row(TensorType input, int entry, int step) {
    int time = reverse ? steps(input, entry) - 1 - step : step;
    return timeMajor ? time * batch(input) + entry : entry * steps(input) + time;
  }

  /** The multiply-accumulates with these filters. */
  long macs(TensorType input, TensorType overInput, TensorType recurrent) {
    return (long) batch(input) * steps(input) * (overInput.elements() + recurrent.elements());
  }

  /** Requires the filters of so many gates: [G * H, I] over a frame, [G * H, H] recurrent. */
  static int units(List<TensorType> inputs, int gates) {
    Checks.rank("input", inputs.get(0), 3);
    Checks.rank("filter", inputs.get(1), 2);
    Checks.rank("recurrent filter", inputs.get(2), 2);
    Shape filter = inputs.get(1).shape();
    Shape recurrent = inputs.get(2).shape();
    int units = recurrent.dim(1);
    Checks.require(
        filter.dim(1) == inputs.get(0).shape().dim(2),
        "filter " + filter + " does not fit the input " + inputs.get(0).shape());
    Checks.require(
        filter.dim(0) == gates * units && recurrent.dim(0) == gates * units,
        "filters " + filter + " and " + recurrent + " are not those of " + gates + " gates");
    return units;
  }

  /** Requires a vector of so many entries. */
  static void vector(String name, TensorType type, int entries) {
    Checks.require(
        type.shape().equals(Shape.of(entries)),
        name + " must have shape [" + entries + "], has " + type.shape());
  }

  /** Requires what a node starts with: [N, H]. */
  void start(String name, TensorType type, TensorType input, int units) {
    Shape expected = Shape.of(batch(input), units);
    Checks.require(
        type.shape().equals(expected),
        name + " must have shape " + expected + ", has " + type.shape());
  }

  static void clip(float clip) {
    Checks.require(clip >= 0 && Float.isFinite(clip), "clip must be 0 or positive, was " + clip);
  }
}
