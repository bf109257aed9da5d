package dev.thimble.cli;

/** What the process returns, as the documentation of the command line promises. */
final class ExitCode {
  static final int DONE = 0;
  static final int CHECK_FAILED = 1;
  static final int BAD_INPUT = 2;
  static final int OVER_BUDGET = 3;
  static final int TOOL_MISSING = 4;

  private ExitCode() {}
}
