package dev.thimble.importer.keras;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON as Python writes it (NaN and infinities are numbers), within bounds of depth and length. */
final class JsonText {
  /** Larger configurations are refused before they are parsed. */
  static final int MAX_BYTES = 64 << 20;

  private static final int MAX_DEPTH = 200;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxDocumentLength(MAX_BYTES)
                          .maxNumberLength(400)
                          .build())
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .build())
          .build();

  private JsonText() {}

  /** The document; what is wrong with it is an error of the file at this place. */
  static JsonNode parse(ModelFile file, String place, String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException e) {
      throw file.malformed(
          place, "is no JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""));
    }
  }
}
