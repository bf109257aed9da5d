package dev.thimble.cli;

import dev.thimble.schedule.offsets.Block;
import dev.thimble.schedule.offsets.Problem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * A table of blocks in CSV: columns {@code id}, {@code lower} (the first tick at which the block is
 * in use), {@code upper} (the tick after the last), {@code size} in bytes and, if it is there,
 * {@code alignment}, in any order under a line of their names; others are kept and mean nothing.
 * Fields are not quoted. The format is that of minimalloc's benchmarks.
 */
final class BlockTable {
  private static final List<String> REQUIRED = List.of("id", "lower", "upper", "size");
  private static final String ALIGNMENT = "alignment";
  private static final String OFFSET = "offset";
  private static final long MOST_FILE_BYTES = 64L << 20;
  private static final int MOST_ALIGNMENT = 1 << 30;

  private final Path file;
  private final List<String> lines = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Integer> columns = new HashMap<>();
  private final Map<String, Integer> lineOf = new HashMap<>();

  private record Row(String id, long lower, long upper, long size, int alignment) {}

  private BlockTable(Path file) {
    this.file = file;
  }

  /**
   * Reads a table; an {@link IllegalArgumentException} names the file, line and column of what is
   * wrong with it.
   */
  static BlockTable read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException(file + " is a folder; give a CSV file");
    }
    if (Files.size(file) > MOST_FILE_BYTES) {
      throw new IllegalArgumentException(
          "%s has more than %s bytes".formatted(file, ByteSize.grouped(MOST_FILE_BYTES)));
    }
    BlockTable table = new BlockTable(file);
    String text;
    try {
      text = Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(file + " is not text in UTF-8", e);
    }
    List<String> lines = (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList();
    if (lines.isEmpty()) {
      throw table.wrong(1, "expected a line with the names of the columns, the file is empty");
    }
    table.readNames(lines.getFirst());
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        table.readRow(i + 1, lines.get(i));
      }
    }
    return table;
  }

  private void readNames(String line) {
    lines.add(line);
    String[] names = line.split(",", -1);
    for (int i = 0; i < names.length; i++) {
      if (columns.put(names[i].strip(), i) != null) {
        throw wrong(1, "column '" + names[i].strip() + "' stands there twice");
      }
    }
    for (String name : REQUIRED) {
      if (!columns.containsKey(name)) {
        throw wrong(1, "there is no column '%s' among '%s'".formatted(name, line));
      }
    }
    if (columns.containsKey(OFFSET)) {
      throw wrong(1, "there is a column 'offset' already; remove it");
    }
  }

  private void readRow(int number, String line) {
    if (line.indexOf('"') >= 0) {
      throw wrong(number, "quoted fields are not supported");
    }
    String[] fields = line.split(",", -1);
    if (fields.length != columns.size()) {
      throw wrong(number, "expected %d fields, found %d".formatted(columns.size(), fields.length));
    }
    String id = field(fields, "id");
    if (id.isEmpty()) {
      throw wrong(number, "column 'id' is empty");
    }
    Integer before = lineOf.put(id, number);
    if (before != null) {
      throw wrong(number, "column 'id': '%s' is the id of line %d too".formatted(id, before));
    }
    long lower = number(number, fields, "lower", Long.MIN_VALUE, Long.MAX_VALUE);
    long upper = number(number, fields, "upper", Long.MIN_VALUE, Long.MAX_VALUE);
    if (upper <= lower) {
      throw wrong(
          number, "column 'upper': %d is not above lower, which is %d".formatted(upper, lower));
    }
    long size = number(number, fields, "size", 1, Problem.MOST_BYTES);
    int alignment =
        columns.containsKey(ALIGNMENT)
            ? (int) number(number, fields, ALIGNMENT, 1, MOST_ALIGNMENT)
            : 1;
    lines.add(line);
    rows.add(new Row(id, lower, upper, size, alignment));
  }

  private String field(String[] fields, String column) {
    Integer at = columns.get(column);
    return at == null ? "" : fields[at].strip();
  }

  private long number(int line, String[] fields, String column, long least, long most) {
    String text = field(fields, column);
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw wrong(line, "column '%s': '%s' is no whole number of 64 bits".formatted(column, text));
    }
    if (value < least || value > most) {
      throw wrong(line, "column '%s': %d, expected %d to %d".formatted(column, value, least, most));
    }
    return value;
  }

  private IllegalArgumentException wrong(int line, String what) {
    return new IllegalArgumentException("%s, line %d: %s".formatted(file, line, what));
  }

  List<String> ids() {
    return rows.stream().map(Row::id).toList();
  }

  /** The blocks as a problem. Ticks are numbered anew, since only their order matters. */
  Problem problem() {
    long[] ticks =
        rows.stream()
            .flatMapToLong(r -> LongStream.of(r.lower, r.upper))
            .sorted()
            .distinct()
            .toArray();
    List<Block> blocks = new ArrayList<>();
    for (Row row : rows) {
      int first = Arrays.binarySearch(ticks, row.lower);
      int last = Arrays.binarySearch(ticks, row.upper) - 1;
      blocks.add(Block.plain(row.id, row.alignment, row.size, first, last));
    }
    try {
      return new Problem(blocks);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /** The table with a further column for the offsets, which are in the order of its rows. */
  String with(List<Long> offsets) {
    StringBuilder text = new StringBuilder(lines.getFirst()).append(",offset\n");
    for (int i = 0; i < offsets.size(); i++) {
      text.append(lines.get(i + 1)).append(',').append(offsets.get(i)).append('\n');
    }
    return text.toString();
  }
}
