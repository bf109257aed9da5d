package dev.thimble.cli;

import dev.thimble.target.Board;
import dev.thimble.target.BoardReader;
import dev.thimble.target.Boards;
import dev.thimble.target.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The {@code --board} option. */
final class BoardArgument {
  @Option(
      names = "--board",
      paramLabel = "B",
      description = {
        "The board: a name that `thimble boards` lists, or a .json file that describes one. It",
        "implies the target and limits RAM and flash to what the board has. Only estimate takes",
        "several."
      })
  private List<String> names = new ArrayList<>();

  private @Nullable Board taken;

  /** Whether the option was given. */
  boolean given() {
    return !names.isEmpty();
  }

  /** The descriptions of boards that are files. */
  List<Path> files() {
    return names.stream()
        .filter(name -> name.toLowerCase(Locale.ROOT).endsWith(".json"))
        .map(Path::of)
        .toList();
  }

  /** Stands for a board whose description is elsewhere, or for none. */
  void take(@Nullable Board board) {
    names = List.of();
    taken = board;
  }

  /**
   * The board, if one was given or taken; throws {@link IllegalArgumentException} for unknown ones,
   * and for several.
   */
  Optional<Board> board() {
    if (names.size() > 1) {
      throw new IllegalArgumentException(
          "--board was given " + names.size() + " times; name one board, estimate takes several");
    }
    return names.isEmpty() ? Optional.ofNullable(taken) : boards().stream().findFirst();
  }

  /** All boards that were given, each once. */
  List<Board> boards() {
    List<Board> boards = new ArrayList<>();
    for (String name : names) {
      try {
        boards.add(board(name));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return boards.stream().distinct().toList();
  }

  /**
   * The targets that the options come to: those given, or the board's, or {@code fallback}. Throws
   * {@link IllegalArgumentException} when one that is given is not the board's.
   */
  List<Target> targets(List<String> given, Target fallback) {
    List<Target> targets = given.stream().map(Target::ofText).distinct().toList();
    Optional<Board> board = board();
    if (board.isEmpty()) {
      return targets.isEmpty() ? List.of(fallback) : targets;
    }
    for (Target target : targets) {
      if (target != board.get().target()) {
        throw new IllegalArgumentException(
            "--target "
                + target.text()
                + " contradicts --board "
                + board.get().name()
                + ", which is a "
                + board.get().target().text()
                + "; leave one of them away");
      }
    }
    return List.of(board.get().target());
  }

  /** The board of this name, or the one that the file of this name describes. */
  static Board board(String name) throws IOException {
    if (!name.toLowerCase(Locale.ROOT).endsWith(".json")) {
      return Boards.ofName(name);
    }
    try {
      return BoardReader.read(Files.readString(Path.of(name)), name);
    } catch (MalformedInputException e) {
      throw new IllegalArgumentException(name + " is no board description: not UTF-8 text");
    }
  }
}
