package dev.thimble.target;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a board's description, JSON as {@code docs/boards.md} documents it. The reader is strict:
 * unknown and repeated fields are refused, and all faults stand in one message, each with the
 * field, what was found and what belongs there.
 */
public final class BoardReader {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private BoardReader() {}

  /**
   * The board that the text describes. Throws {@link IllegalArgumentException} when it describes
   * none.
   *
   * @param origin the file, as messages name it
   */
  public static Board read(String text, String origin) {
    try {
      // Some editors begin a file with a mark of its byte order.
      return read(MAPPER.readTree(text.startsWith("\uFEFF") ? text.substring(1) : text), origin);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          origin
              + " is no board description: not JSON in line "
              + (e.getLocation() == null ? "?" : e.getLocation().getLineNr())
              + ": "
              + e.getOriginalMessage());
    }
  }

  /** As above, of JSON that was read already, such as a part of a report. */
  public static Board read(JsonNode json, String origin) {
    List<String> problems = new ArrayList<>();
    Optional<Board> board = board(new JsonFields("", json, problems), problems);
    return board.orElseThrow(() ->
        new IllegalArgumentException(
            origin
                + " is no board description:\n"
                + problems.stream().map(p -> "  " + p).collect(Collectors.joining("\n"))
                + "\n  docs/boards.md describes the format; `thimble boards NAME --json` prints an"
                + " example"));
  }

  private static Optional<Board> board(JsonFields json, List<String> problems) {
    String name = json.text("name");
    List<String> aliases = json.texts("aliases");
    String title = json.optionalText("title").orElse(name);
    String part = json.text("part");
    Target target = json.parsed("target", Target.PORTABLE, Target::ofText);
    double clock = json.positive("clock_mhz");
    String clockSource = json.text("clock_source");
    Optional<Board.ActivePower> power = json.object("active_power").map(BoardReader::power);
    List<Region> regions = new ArrayList<>();
    for (JsonFields region : json.objects("regions")) {
      region(region, problems).ifPresent(regions::add);
    }
    json.end();
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Board(name, aliases, title, part, target, clock, clockSource, power, regions));
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Board.ActivePower power(JsonFields json) {
    Board.ActivePower power =
        new Board.ActivePower(
            json.positive("milliamperes"),
            json.positive("volts"),
            json.positive("mhz"),
            json.text("conditions"),
            json.text("source"));
    json.end();
    return power;
  }

  private static Region.Cache cache(JsonFields json) {
    Region.Cache cache =
        new Region.Cache(
            json.text("name"),
            json.bytesOrNone("code_bytes"),
            json.bytesOrNone("data_bytes"),
            (int) Math.min(json.bytes("line_bytes"), Integer.MAX_VALUE));
    json.end();
    return cache;
  }

  private static Optional<Region> region(JsonFields json, List<String> problems) {
    String name = json.text("name");
    Region.Kind kind = json.choice("kind", Region.Kind.values());
    long bytes = json.bytes("bytes");
    OptionalLong address = json.address("address");
    OptionalInt sequential = json.waitStates("sequential_wait_states");
    OptionalInt random = json.waitStates("random_wait_states");
    boolean executable = json.flag("executable");
    boolean dma = json.flag("dma");
    Optional<String> section = json.optionalText("section");
    Optional<Region.Cache> cache = json.object("cache").map(BoardReader::cache);
    String source = json.text("source");
    json.end();
    try {
      return Optional.of(
          new Region(
              name,
              kind,
              bytes,
              address,
              sequential,
              random,
              executable,
              dma,
              section,
              cache,
              source));
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
