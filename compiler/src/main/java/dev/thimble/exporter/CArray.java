package dev.thimble.exporter;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A file's bytes as a constant array of a C program. */
public final class CArray {
  private static final int PER_LINE = 12;

  private CArray() {}

  /**
   * The header and the source, by their names: {@code NAME_tflite}, aligned to 16 bytes, and its
   * length {@code NAME_tflite_len}.
   *
   * @param name a C identifier
   */
  public static Map<String, byte[]> of(String name, byte[] data) {
    String symbol = name + "_tflite";
    String guard = symbol.toUpperCase(Locale.ROOT) + "_H";
    String header =
        String.format(
            Locale.ROOT,
            """
            /* A TensorFlow Lite model as an array. */
            #ifndef %1$s
            #define %1$s
            #ifdef __cplusplus
            extern "C" {
            #endif
            extern const unsigned char %2$s[];
            extern const unsigned int %2$s_len;
            #ifdef __cplusplus
            }
            #endif
            #endif
            """,
            guard,
            symbol);
    StringBuilder source = new StringBuilder();
    source
        .append("#include \"" + symbol + ".h\"\n\n")
        .append("#if defined(__GNUC__) || defined(__clang__)\n")
        .append("__attribute__((aligned(16)))\n#endif\n")
        .append("const unsigned char " + symbol + "[] = {");
    for (int i = 0; i < data.length; i++) {
      source.append(i % PER_LINE == 0 ? "\n  " : " ");
      source.append(String.format(Locale.ROOT, "0x%02x,", data[i]));
    }
    source.append("\n};\nconst unsigned int " + symbol + "_len = " + data.length + "u;\n");
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(symbol + ".h", header.getBytes(StandardCharsets.UTF_8));
    files.put(symbol + ".c", source.toString().getBytes(StandardCharsets.UTF_8));
    return files;
  }
}
