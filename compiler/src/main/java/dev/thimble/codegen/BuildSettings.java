package dev.thimble.codegen;

import dev.thimble.target.Target;

/**
 * How the generated files are to be built.
 *
 * @param target the core, whose compiler and flags the build files name
 * @param small whether the code is to be small rather than fast
 * @param profile whether the program has hooks that count the cycles of each node
 */
public record BuildSettings(Target target, boolean small, boolean profile) {
  /** Fast portable C without hooks. */
  public static final BuildSettings PORTABLE = new BuildSettings(Target.PORTABLE, false, false);
}
