package dev.thimble.toolchain;

import dev.thimble.target.Target;
import java.util.Optional;

/** Which targets there are machines for, be their tools installed or not. */
public final class Simulated {
  private Simulated() {}

  /** Whether programs for the target can be verified: on the host or on a simulated core. */
  public static boolean verifies(Target target) {
    return machine(target).isPresent();
  }

  /** Whether programs for the target can be profiled, which takes a simulated core. */
  public static boolean profiles(Target target) {
    return machine(target).filter(machine -> machine instanceof CortexM).isPresent();
  }

  private static Optional<Machine> machine(Target target) {
    try {
      return Optional.of(Machine.of(target, false));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
