package dev.thimble.target;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The boards that come with Thimble. Their descriptions are resources in the format of users'. */
public final class Boards {
  /** A name this many letters away from a board's is taken for a slip of the keyboard. */
  private static final int NEAR = 3;

  private static final List<String> FILES =
      List.of(
          "alif-ensemble-e7-he",
          "b-l475e-iot01a",
          "esp32-c3-devkitm-1",
          "hifive1-revb",
          "longan-nano",
          "nrf52840-dk",
          "nrf5340-dk",
          "nucleo-g0b1re",
          "nucleo-h743zi",
          "nucleo-h7a3zi-q",
          "nucleo-l4r5zi",
          "nucleo-u575zi-q",
          "pico",
          "pico2",
          "pico2-riscv",
          "stm32f407-discovery",
          "teensy41");

  private static final List<Board> ALL = FILES.stream().map(Boards::load).toList();

  private Boards() {}

  /** All of them, by name. */
  public static List<Board> all() {
    return ALL;
  }

  /**
   * The board of this name or alias, in whatever case it is written. Throws {@link
   * IllegalArgumentException}, which lists near names, for others.
   */
  public static Board ofName(String name) {
    Optional<Board> found =
        ALL.stream().filter(board -> names(board).anyMatch(name::equalsIgnoreCase)).findFirst();
    return found.orElseThrow(() -> new IllegalArgumentException(unknown(name)));
  }

  private static Stream<String> names(Board board) {
    return Stream.concat(Stream.of(board.name()), board.aliases().stream());
  }

  private static String unknown(String name) {
    List<String> near = near(name);
    return "unknown board '"
        + name
        + "'"
        + (near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?")
        + (near.isEmpty()
            ? "; known are " + String.join(", ", ALL.stream().map(Board::name).toList())
            : " `thimble boards` lists all")
        + "; a file that describes yours ends in .json";
  }

  /** The names of boards whose name or alias is like this one, the most alike first. */
  static List<String> near(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    List<Board> boards = new ArrayList<>(ALL);
    boards.sort(Comparator.comparingInt(board -> distance(board, wanted)));
    return boards.stream()
        .filter(board -> distance(board, wanted) <= NEAR)
        .limit(3)
        .map(Board::name)
        .toList();
  }

  private static int distance(Board board, String wanted) {
    return names(board)
        .mapToInt(name -> {
          boolean part =
              wanted.length() >= NEAR && (name.contains(wanted) || wanted.contains(name));
          return part ? 1 : edits(name, wanted);
        })
        .min()
        .orElseThrow();
  }

  /** The least insertions, deletions and replacements that turn one text into the other. */
  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }

  private static Board load(String file) {
    String path = "/boards/" + file + ".json";
    try (InputStream in = Boards.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + path + " is missing");
      }
      return BoardReader.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
