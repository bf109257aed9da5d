package dev.thimble;

import dev.thimble.op.Rounding;
import dev.thimble.schedule.Preference;
import dev.thimble.schedule.Strategy;
import dev.thimble.schedule.offsets.Effort;
import dev.thimble.target.Target;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the user asks of a compilation.
 *
 * @param name the name of the generated program, or nothing for the model file's
 * @param target the processor
 * @param rounding how accumulators are scaled down
 * @param memory the memory strategy, or nothing to let {@code prefer} choose
 * @param prefer what to save first
 * @param feedRows whether the input arrives row by row instead of lying in memory
 * @param offsets how hard to look for the smallest arena
 * @param limits how much memory the program may take
 * @param decision what replaces the network's final probabilities
 * @param profile whether the program has hooks that count the cycles of its nodes
 */
public record CompileOptions(
    Optional<String> name,
    Target target,
    Rounding rounding,
    Optional<Strategy> memory,
    Preference prefer,
    boolean feedRows,
    Effort offsets,
    Limits limits,
    Decision decision,
    boolean profile) {
  /** The options of a compilation that is asked nothing in particular. */
  public static final CompileOptions DEFAULTS =
      new CompileOptions(
          Optional.empty(),
          Target.PORTABLE,
          Rounding.DOUBLE,
          Optional.empty(),
          Preference.BALANCED,
          false,
          Effort.FAST,
          Limits.NONE,
          Decision.NONE);

  /** What replaces the network's final probabilities. */
  public record Decision(boolean classify, OptionalDouble threshold) {
    /** The probabilities stay. */
    public static final Decision NONE = new Decision(false, OptionalDouble.empty());

    public Decision {
      if (classify && threshold.isPresent()) {
        throw new IllegalArgumentException("--classify and --threshold exclude each other");
      }
    }
  }

  /** Options of a program without hooks. */
  public CompileOptions(
      Optional<String> name,
      Target target,
      Rounding rounding,
      Optional<Strategy> memory,
      Preference prefer,
      boolean feedRows,
      Effort offsets,
      Limits limits,
      Decision decision) {
    this(name, target, rounding, memory, prefer, feedRows, offsets, limits, decision, false);
  }

  public CompileOptions withProfile(boolean changed) {
    return new CompileOptions(
        name, target, rounding, memory, prefer, feedRows, offsets, limits, decision, changed);
  }

  public CompileOptions withTarget(Target changed) {
    return new CompileOptions(
        name, changed, rounding, memory, prefer, feedRows, offsets, limits, decision, profile);
  }

  public CompileOptions withRounding(Rounding changed) {
    return new CompileOptions(
        name, target, changed, memory, prefer, feedRows, offsets, limits, decision, profile);
  }

  public CompileOptions withMemory(Strategy changed) {
    return new CompileOptions(
        name,
        target,
        rounding,
        Optional.of(changed),
        prefer,
        feedRows,
        offsets,
        limits,
        decision,
        profile);
  }

  public CompileOptions withPrefer(Preference changed) {
    return new CompileOptions(
        name, target, rounding, memory, changed, feedRows, offsets, limits, decision, profile);
  }

  public CompileOptions withName(String changed) {
    return new CompileOptions(
        Optional.of(changed),
        target,
        rounding,
        memory,
        prefer,
        feedRows,
        offsets,
        limits,
        decision,
        profile);
  }

  public CompileOptions withLimits(Limits changed) {
    return new CompileOptions(
        name, target, rounding, memory, prefer, feedRows, offsets, changed, decision, profile);
  }

  public CompileOptions withFeedRows(boolean changed) {
    return new CompileOptions(
        name, target, rounding, memory, prefer, changed, offsets, limits, decision, profile);
  }
}
