package dev.thimble.toolchain;

import dev.thimble.target.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Where a harness and a program under test are built and run. */
sealed interface Machine permits Host, CortexM {
  /** How the C compiler is asked to optimise. */
  enum Optimization {
    SPEED("-O2"),
    SIZE("-Os");

    private final String flag;

    Optimization(String flag) {
      this.flag = flag;
    }

    String flag() {
      return flag;
    }
  }

  /** The warnings under which generated C must be clean. */
  List<String> STRICT =
      List.of("-std=c99", "-Wall", "-Wextra", "-Werror", "-Wconversion", "-Wshadow");

  /** Every float operation rounds by itself, as the reference evaluation's does. */
  List<String> EXACT = List.of("-ffp-contract=off");

  /** How long a program under test may run: a wrong one may not end by itself. */
  Duration RUN_LIMIT = Duration.ofMinutes(5);

  /** The name that reports use. */
  String name();

  /** The files of the {@code toolchain/} resources that a harness needs here. */
  List<String> harness(String main);

  /**
   * Builds the harness and the program in a folder that has all their sources. Throws {@link
   * ToolException} when a tool is missing and {@link ProgramException} when it refuses the sources.
   */
  void build(Path folder, String main, List<String> sources, List<String> flags, Optimization how)
      throws IOException;

  /** Runs what was built, in the same folder. */
  Command.Result run(Path folder) throws IOException;

  /**
   * The machine that verifies programs for this target. Throws {@link IllegalArgumentException}
   * when there is none.
   */
  static Machine of(Target target, boolean sanitize) {
    return switch (target) {
      case PORTABLE -> new Host(sanitize);
      case CORTEX_M0PLUS, CORTEX_M3, CORTEX_M4, CORTEX_M7, CORTEX_M33 ->
          new CortexM(CortexM.Model.of(target));
      case CORTEX_M55, RV32IMC, RV32IMAC, RV32GC, RV64GC, RV32GCV, RV64GCV ->
          throw new IllegalArgumentException(
              "target "
                  + target.text()
                  + " is not simulated; portable (the host), cortex-m0plus, cortex-m3, cortex-m4,"
                  + " cortex-m7 and cortex-m33 are");
    };
  }
}
