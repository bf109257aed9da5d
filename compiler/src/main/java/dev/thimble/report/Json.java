package dev.thimble.report;

import tools.jackson.core.JacksonException;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns result records into JSON: snake-case names, two spaces of indentation, one final newline.
 */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  // A fixed line end: the same report has the same bytes on every platform.
  private static final ObjectWriter WRITER =
      MAPPER
          .writer()
          .with(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));

  private Json() {}

  public static String write(Object results) {
    return WRITER.writeValueAsString(results) + "\n";
  }

  /** What is wrong with a text that is none: where it stands, without what the reader calls it. */
  public static String problem(JacksonException e) {
    return String.valueOf(e.getOriginalMessage())
        .replaceAll("\\[Source: [^\\]]*?; (line: [^\\]]*)\\]", "$1");
  }

  /** Reads any JSON text; throws {@link JacksonException} when it is none. */
  public static JsonNode read(String text) {
    return MAPPER.readTree(text);
  }
}
