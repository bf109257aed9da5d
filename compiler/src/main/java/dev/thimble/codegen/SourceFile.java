package dev.thimble.codegen;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes the program's main file: the kernels, one function for each node, and the API. */
final class SourceFile {
  private final CName name;
  private final MemoryPlan plan;
  private final Graph graph;
  private final Tables tables;
  private final Rounding rounding;
  private final NodeFunctions functions;
  private final List<String> calls = new ArrayList<>();

  SourceFile(CName name, MemoryPlan plan, Tables tables, List<Value> traced, Rounding rounding) {
    this.name = name;
    this.plan = plan;
    this.graph = plan.schedule().graph();
    this.tables = tables;
    this.rounding = rounding;
    this.functions = new NodeFunctions(name, plan, tables, traced);
  }

  /** For each node, the number of the function that runs it. */
  Map<Node, Integer> numbers() {
    return functions.numbers();
  }

  /** The text; {@code sources} receives the kernel files that it needs. */
  String write(String banner, KernelSources sources) {
    sources.add("common/tile.h");
    CWriter nodes = nodes(sources);
    CWriter c = new CWriter();
    c.line("/* %s.c: %s */", name, banner).blank();
    c.line("#include \"%s.h\"", name).blank();
    includes(c, sources.systemIncludes());
    c.line("/* The most rows that a node reads for one row, and the most nodes of a stream. */");
    c.line("#define THIMBLE_MAX_ROWS %d", functions.maxRows());
    c.line("#define THIMBLE_MAX_STAGES %d", maxStages()).blank();
    if (rounding == Rounding.SINGLE) {
      c.line("#define THIMBLE_SINGLE_ROUNDING").blank();
    }
    c.raw(sources.text());
    if (!tables.isEmpty()) {
      c.line("#ifdef __cplusplus").raw("extern \"C\" {").line("#endif");
      tables.declare(c);
      c.line("#ifdef __cplusplus").raw("}").line("#endif").blank();
    }
    trace(c);
    c.raw(nodes.toString());
    api(c);
    return c.toString();
  }

  private static void includes(CWriter c, Set<String> headers) {
    headers.forEach(header -> c.line("#include <%s>", header));
    c.blank();
  }

  private CWriter nodes(KernelSources sources) {
    CWriter c = new CWriter();
    List<Step> steps = plan.schedule().steps();
    for (int step = 0; step < steps.size(); step++) {
      switch (steps.get(step)) {
        case Step.Stream stream -> calls.add(functions.stream(c, sources, step, stream));
        case Step.Whole whole ->
            calls.add(functions.whole(c, sources, step, whole.nodes(), whole.kernel()));
        case Step.FusedPool fused ->
            calls.add(functions.whole(c, sources, step, fused.nodes(), fused.kernel()));
      }
    }
    return c;
  }

  private int maxStages() {
    return plan.schedule().steps().stream()
        .mapToInt(step -> step instanceof Step.Stream s ? s.stages().size() : 1)
        .max()
        .orElse(1);
  }

  private void trace(CWriter c) {
    String macro = name.upper();
    c.line("/* With this macro the program reports every value that it stores. */");
    c.line("#ifdef %s_TRACE", macro);
    c.line("#ifdef __cplusplus").line("extern \"C\"").line("#endif");
    c.line(
        "void %s_trace(int32_t value, uint32_t offset, const void *data, uint32_t bytes);", name);
    if (functions.usesTiles()) {
      c.blank();
      c.line("static void %s_trace_rows(int32_t value, const thimble_tile *t,", name);
      c.line("    const uint8_t *arena, int32_t y0, int32_t y1)").line("{");
      c.line("for (int32_t b = 0; b < t->batch; b++) {");
      c.line("for (int32_t y = y0; y < y1; y++) {");
      c.line("uint32_t row = (uint32_t)b * t->rows + (uint32_t)y;");
      c.line("uint32_t slot = (uint32_t)b * t->out_ring + (uint32_t)y % t->out_ring;");
      c.line("%s_trace(value, row * t->out_row_bytes,", name);
      c.line("    arena + t->out_offset + slot * t->out_row_bytes, t->out_row_bytes);");
      c.line("}").line("}").line("}");
    }
    c.line(
        "#define %s_TRACE_ROWS(value, tile) %s_trace_rows(value, tile, arena, y0, y1)",
        macro, name);
    c.line(
        "#define %s_TRACE_VALUE(value, data, bytes) %s_trace(value, 0, data, bytes)", macro, name);
    c.line("#else");
    c.line("#define %s_TRACE_ROWS(value, tile)", macro);
    c.line("#define %s_TRACE_VALUE(value, data, bytes)", macro);
    c.line("#endif").blank();
  }

  private void api(CWriter c) {
    c.line("int %s_init(%s_arena *arena)", name, name).line("{");
    c.line("return arena == NULL ? %s_E_ARENA : 0;", name.upper()).line("}").blank();
    for (int i = 0; i < graph.inputs().size(); i++) {
      port(c, "input", i, graph.inputs().get(i), "");
    }
    for (int i = 0; i < graph.outputs().size(); i++) {
      port(c, "output", i, graph.outputs().get(i), "const ");
    }
    c.line("int %s_run(%s_arena *arena)", name, name).line("{");
    c.line("if (arena == NULL) {").line("return %s_E_ARENA;", name.upper()).line("}");
    calls.forEach(c::line);
    c.line("return 0;").line("}");
  }

  private void port(CWriter c, String what, int index, Value value, String constness) {
    String type = HeaderFile.cType(value);
    long offset = plan.place(value).orElseThrow().offset();
    c.line(
        "%s%s *%s_%s_%d(%s%s_arena *arena)", constness, type, name, what, index, constness, name);
    c.line("{");
    c.line("return (%s%s *)(%svoid *)(arena->bytes + %d);", constness, type, constness, offset);
    c.line("}").blank();
  }
}
