package dev.thimble;

import dev.thimble.target.Board;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much memory a program may take.
 *
 * @param ram the most bytes of arena, as asked for
 * @param flash the most bytes of constants and code together, as asked for
 * @param board the board that the program is for, whose memories are limits where nothing was asked
 */
public record Limits(OptionalLong ram, OptionalLong flash, Optional<Board> board) {
  /** No limits. */
  public static final Limits NONE =
      new Limits(OptionalLong.empty(), OptionalLong.empty(), Optional.empty());

  /**
   * What stays free of a board's RAM for the stack and the variables of the program around: the
   * stack of generated programs was measured at 200 to 500 bytes.
   */
  public static final long RESERVED_RAM_BYTES = 1024;

  /** The memories of a board, and nothing asked besides. */
  public static Limits of(Board board) {
    return new Limits(OptionalLong.empty(), OptionalLong.empty(), Optional.of(board));
  }

  /**
   * A limit that holds.
   *
   * @param words what a message calls it, such as {@code --ram allows 16384}
   */
  public record Limit(long bytes, String words) {}

  /** Throws {@link IllegalArgumentException} when more is asked for than the board has. */
  public Limits {
    if (board.isPresent()) {
      Board given = board.get();
      check(given, "--ram", ram, given.anyRamBytes(), "RAM at consecutive addresses");
      check(given, "--flash", flash, given.flashBytes(), "flash");
    }
  }

  private static void check(
      Board board, String option, OptionalLong asked, long has, String memory) {
    if (asked.isPresent() && asked.getAsLong() > has) {
      throw new IllegalArgumentException(
          option
              + " "
              + asked.getAsLong()
              + " is more than board '"
              + board.name()
              + "' has: "
              + has
              + " bytes of "
              + memory
              + "; lower it, or describe a board with more in a file for --board");
    }
  }

  /** The most bytes of arena, if there is a limit. */
  public OptionalLong arenaBytes() {
    return arena().map(limit -> OptionalLong.of(limit.bytes())).orElse(OptionalLong.empty());
  }

  /** The limit of the arena, if there is one. */
  Optional<Limit> arena() {
    if (ram.isPresent()) {
      return Optional.of(new Limit(ram.getAsLong(), "--ram allows " + ram.getAsLong()));
    }
    return board.map(Limits::arenaOn);
  }

  /** The limit of constants and code together, if there is one. */
  public Optional<Limit> program() {
    if (flash.isPresent()) {
      return Optional.of(new Limit(flash.getAsLong(), "--flash allows " + flash.getAsLong()));
    }
    return board
        .filter(b -> b.flashBytes() > 0)
        .map(b ->
            new Limit(
                b.flashBytes(), "board '" + b.name() + "' has " + b.flashBytes() + " of flash"));
  }

  /** The most bytes of arena that a board has room for. */
  public static long arenaBytes(Board board) {
    return Math.max(0, board.ramBytes() - RESERVED_RAM_BYTES);
  }

  private static Limit arenaOn(Board board) {
    long bytes = arenaBytes(board);
    return new Limit(
        bytes,
        "board '"
            + board.name()
            + "' allows "
            + bytes
            + " ("
            + board.ramBytes()
            + " of RAM in one piece, "
            + RESERVED_RAM_BYTES
            + " kept for the stack)");
  }
}
