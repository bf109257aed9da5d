package dev.thimble.toolchain;

import dev.thimble.codegen.CName;
import dev.thimble.codegen.CProgram;
import dev.thimble.graph.Graph;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes the header by which the harnesses, which know no model, reach the one under test. */
final class ModelUnderTest {
  static final String FILE = "model_under_test.h";

  private ModelUnderTest() {}

  /**
   * The header's text.
   *
   * @param include the program's own header, as an include line names it
   * @param program its name, its memories, and whether it takes its input row by row
   */
  static String header(String include, CProgram program, Graph graph) {
    CName name = program.name();
    boolean fedByRows = program.fedByRows();
    StringBuilder text = new StringBuilder();
    text.append("#ifndef THIMBLE_MODEL_UNDER_TEST_H\n#define THIMBLE_MODEL_UNDER_TEST_H\n");
    text.append("#include \"").append(include).append("\"\n");
    text.append("#include <stddef.h>\n");
    define(text, "MUT_ARENA", name + "_arena");
    define(text, "MUT_ARENA_USED", name.upper() + "_ARENA_BYTES");
    arena(text, name, program.regions());
    define(text, "MUT_INIT", name + "_init");
    define(text, "MUT_RUN", fedByRows ? "mut_push_all" : name + "_run");
    if (!graph.states().isEmpty()) {
      define(text, "MUT_KEEPS_STATE", "1");
    }
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

  /** How a harness makes an arena of its own; one in several memories is a table of pointers. */
  private static void arena(StringBuilder text, CName name, List<String> regions) {
    if (regions.isEmpty()) {
      define(text, "MUT_DEFINE_ARENA(arena)", "static MUT_ARENA arena");
      return;
    }
    String calls =
        regions.stream()
            .map(region ->
                "X(" + region + ", " + name + "_" + region + ", " + bytes(name, region) + ")")
            .collect(Collectors.joining(" "));
    define(text, "MUT_REGIONS(X)", calls);
    define(
        text,
        "MUT_DEFINE_ARENA(arena)",
        regions.stream()
                .map(region -> "static " + name + "_" + region + " arena##_" + region + "; ")
                .collect(Collectors.joining())
            + "static MUT_ARENA arena = {"
            + regions.stream().map(r -> "&arena##_" + r).collect(Collectors.joining(", "))
            + "}");
  }

  private static String bytes(CName name, String region) {
    return name.upper() + "_" + region.toUpperCase(Locale.ROOT) + "_BYTES";
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
