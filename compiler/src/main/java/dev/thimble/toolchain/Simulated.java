package dev.thimble.toolchain;

import dev.thimble.target.Target;
import java.util.List;

/** Which targets there are machines for, be their tools installed or not. */
public final class Simulated {
  private Simulated() {}

  /** Whether programs for the target can be verified: on the host or on a simulated core. */
  public static boolean verifies(Target target) {
    return !tools(target).isEmpty();
  }

  /** Whether programs for the target can be profiled, which takes a simulated core. */
  public static boolean profiles(Target target) {
    return switch (Machine.of(target, false)) {
      case Host host -> false;
      case Core core -> true;
    };
  }

  /** The external programs by which programs for the target are verified. */
  public static List<Tool> tools(Target target) {
    return Machine.of(target, false).tools();
  }
}
