package dev.thimble.toolchain;

import dev.thimble.target.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** Where a harness and a program under test are built and run. */
sealed interface Machine permits Host, Core {
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

  /** The external programs that building and running take. */
  List<Tool> tools();

  /** The files of the {@code toolchain/} resources that a harness needs here. */
  List<String> harness(String main);

  /**
   * Builds the harness and the program in a folder that has all their sources. Throws {@link
   * ToolException} when a tool is missing and {@link ProgramException} when it refuses the sources.
   */
  void build(Path folder, String main, List<String> sources, List<String> flags, Optimization how)
      throws IOException;

  /**
   * The lengths in bits of vector registers to run what was built with, one after the other: code
   * for such machines must be right for all. Nothing where the machine has no choice.
   */
  List<Integer> vectorBits();

  /**
   * Runs what was built, in the same folder.
   *
   * @param bits the length of vector registers, one of {@link #vectorBits} or another power of two;
   *     nothing where the machine has no choice
   */
  Command.Result run(Path folder, OptionalInt bits) throws IOException;

  /** The machine that verifies programs for this target; only the host can sanitize. */
  static Machine of(Target target, boolean sanitize) {
    return target == Target.PORTABLE ? new Host(sanitize) : new Core(CoreModel.of(target));
  }
}
