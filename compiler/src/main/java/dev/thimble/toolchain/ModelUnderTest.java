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
   */
  static String header(String include, CName name, Graph graph) {
    StringBuilder text = new StringBuilder();
    text.append("#ifndef THIMBLE_MODEL_UNDER_TEST_H\n#define THIMBLE_MODEL_UNDER_TEST_H\n");
    text.append("#include \"").append(include).append("\"\n");
    text.append("#include <stddef.h>\n");
    define(text, "MUT_ARENA", name + "_arena");
    define(text, "MUT_ARENA_USED", name.upper() + "_ARENA_BYTES");
    define(text, "MUT_INIT", name + "_init");
    define(text, "MUT_RUN", name + "_run");
    define(text, "MUT_TRACE", name + "_trace");
    define(text, "MUT_INPUTS", String.valueOf(graph.inputs().size()));
    define(text, "MUT_OUTPUTS", String.valueOf(graph.outputs().size()));
    ports(text, name, "input", graph.inputs().size(), "");
    ports(text, name, "output", graph.outputs().size(), "const ");
    return text.append("#endif\n").toString();
  }

  private static void define(StringBuilder text, String macro, String value) {
    text.append("#define ").append(macro).append(' ').append(value).append('\n');
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
