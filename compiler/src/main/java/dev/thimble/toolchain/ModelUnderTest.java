package dev.thimble.toolchain;

import dev.thimble.codegen.CName;
import dev.thimble.graph.Graph;
import java.util.Locale;

/** Writes the header by which the harnesses, which know no model, reach the one under test. */
final class ModelUnderTest {
  static final String FILE = "model_under_test.h";

  private ModelUnderTest() {}

  /**
   * The header's text.
   *
   * @param include the program's own header, as an include line names it
   * @param fedByRows whether the program takes its input row by row
   */
  static String header(String include, CName name, Graph graph, boolean fedByRows) {
    StringBuilder text = new StringBuilder();
    text.append("#ifndef THIMBLE_MODEL_UNDER_TEST_H\n#define THIMBLE_MODEL_UNDER_TEST_H\n");
    text.append("#include \"").append(include).append("\"\n");
    text.append("#include <stddef.h>\n");
    define(text, "MUT_ARENA", name + "_arena");
    define(text, "MUT_ARENA_USED", name.upper() + "_ARENA_BYTES");
    define(text, "MUT_INIT", name + "_init");
    define(text, "MUT_RUN", fedByRows ? "mut_push_all" : name + "_run");
    define(text, "MUT_TRACE", name + "_trace");
    define(text, "MUT_INPUTS", String.valueOf(graph.inputs().size()));
    define(text, "MUT_OUTPUTS", String.valueOf(graph.outputs().size()));
    if (fedByRows) {
      fed(text, name);
    } else {
      ports(text, name, "input", graph.inputs().size(), "");
    }
    ports(text, name, "output", graph.outputs().size(), "const ");
    return text.append("#endif\n").toString();
  }

  private static void define(StringBuilder text, String macro, String value) {
    text.append("#define ").append(macro).append(' ').append(value).append('\n');
  }

  /** The harness holds the input, and gives the program a row after the other. */
  private static void fed(StringBuilder text, CName name) {
    String input = name.upper() + "_INPUT_0";
    String functions =
        """
        static const uint32_t mut_input_bytes[] = {%1$s_BYTES};
        static uint64_t mut_fed[(%1$s_BYTES + 7) / 8];

        static inline void *mut_input(MUT_ARENA *arena, int i)
        {
            (void)arena;
            return i == 0 ? mut_fed : NULL;
        }

        static inline int mut_push_all(MUT_ARENA *arena)
        {
            int wanted = 1;
            uint32_t row;
            for (row = 0; row < %1$s_ROWS && wanted == 1; row++) {
                void *data = (uint8_t *)mut_fed + row * %1$s_ROW_BYTES;
                wanted = %2$s_push_row_0(arena, data);
        #ifdef MUT_SPOIL_ROWS /* A program that kept the pointer would now read something else. */
                {
                    uint32_t i;
                    for (i = 0; i < %1$s_ROW_BYTES; i++) {
                        ((uint8_t *)data)[i] = 0x5A;
                    }
                }
        #endif
            }
            return row == %1$s_ROWS ? wanted : -100;
        }
        """;
    text.append(String.format(Locale.ROOT, functions, input, name));
  }

  private static void ports(
      StringBuilder text, CName name, String what, int count, String constness) {
    text.append("static const uint32_t mut_").append(what).append("_bytes[] = {");
    for (int i = 0; i < count; i++) {
      text.append(name.upper() + "_" + what.toUpperCase(Locale.ROOT) + "_" + i + "_BYTES, ");
    }
    // A network without inputs still needs an array that C accepts.
    text.append(count == 0 ? "0" : "").append("};\n");
    text.append("static inline " + constness + "void *mut_" + what + "(" + constness)
        .append("MUT_ARENA *arena, int i)\n{\n    switch (i) {\n");
    for (int i = 0; i < count; i++) {
      text.append("    case " + i + ": return " + name + "_" + what + "_" + i + "(arena);\n");
    }
    text.append("    default: (void)arena; return NULL;\n    }\n}\n");
  }
}
