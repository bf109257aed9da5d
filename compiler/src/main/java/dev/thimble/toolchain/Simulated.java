package dev.thimble.toolchain;

import dev.thimble.target.Target;

/** Which targets there are machines for, be their tools installed or not. */
public final class Simulated {
  private Simulated() {}

  /** Whether programs for the target can be verified: on the host or on a simulated core. */
  public static boolean verifies(Target target) {
    return switch (Machine.of(target, false)) {
      case Host host -> true;
      case Core core -> true;
    };
  }

  /** Whether programs for the target can be profiled, which takes a simulated core. */
  public static boolean profiles(Target target) {
    return switch (Machine.of(target, false)) {
      case Host host -> false;
      case Core core -> true;
    };
  }
}
