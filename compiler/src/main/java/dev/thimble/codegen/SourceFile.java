package dev.thimble.codegen;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.ParameterText;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.Progress;
import dev.thimble.schedule.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes the program's main file: the kernels, one function for each node, and the API. */
final class SourceFile {
  /** The largest arena whose offsets all fit 16 bits. */
  private static final long NARROW_ARENA = 0x10000;

  private final CName name;
  private final MemoryPlan plan;
  private final Graph graph;
  private final Tables tables;
  private final Rounding rounding;
  private final KernelSources sources;
  private final NodeFunctions functions;
  private final Places places;
  private final ArenaMemory memory;
  private final WeightImage image;
  private final ProfileHooks hooks;
  private final CWriter c = new CWriter();

  SourceFile(
      CName name,
      Places places,
      KernelSources sources,
      List<Value> traced,
      Rounding rounding,
      ProfileHooks hooks) {
    this.name = name;
    this.places = places;
    this.plan = places.plan();
    this.memory = places.memory();
    this.image = places.image();
    this.graph = plan.schedule().graph();
    this.tables = places.tables();
    this.rounding = rounding;
    this.sources = sources;
    this.functions = new NodeFunctions(name, places, sources, traced, hooks);
    this.hooks = hooks;
  }

  /** For each node, the number of the function that runs it. */
  Map<Node, Integer> numbers() {
    return functions.numbers();
  }

  /** How many node functions there are. */
  int functions() {
    return functions.count();
  }

  /** The text; the tables and the kernel files that it needs are added to those given. */
  String write(String banner) {
    sources.add("common/tile.h");
    List<String> calls = new ArrayList<>();
    List<Step> steps = plan.schedule().steps();
    for (int i = 0; i < steps.size(); i++) {
      calls.add(functions.write(i, steps.get(i)));
    }
    StateContents states = new StateContents(places);
    requireNoCollision(sources.text());
    c.line("/* %s.c: %s */", name, banner).blank();
    c.line("#include \"%s.h\"", name).blank();
    sources.systemIncludes().forEach(header -> c.line("#include <%s>", header));
    c.blank();
    settings();
    c.raw(sources.text());
    if (!tables.isEmpty()) {
      c.line("/* The constants of %s_weights.c. */", name);
      c.beginOfC();
      tables.declare(c);
      c.blank().endOfC().blank();
    }
    image.hooks(c);
    trace();
    hooks.define(c);
    c.raw(functions.text());
    api(calls, states);
    return c.toString();
  }

  /** What the kernel files leave to the program. */
  private void settings() {
    c.line("/* The most rows that a node reads for one row, and the most nodes of a stream. */");
    c.line("#define THIMBLE_MAX_ROWS %d", functions.tiles().maxRows());
    c.line("#define THIMBLE_MAX_STAGES %d", maxStages()).blank();
    if (Progress.isWide(plan.schedule())) {
      c.line("/* Some numbers of rows need more than 16 bits. */");
      c.line("#define THIMBLE_WIDE_ROWS").blank();
    }
    if (streams() && Progress.fieldBytes(plan.schedule()) == 1) {
      c.line("/* 8 bits count the turns of streams. */");
      c.line("#define THIMBLE_TINY_PROGRESS").blank();
    }
    if (plan.arenaBytes() > NARROW_ARENA) {
      c.line("/* So do offsets in the arena. */");
      c.line("#define THIMBLE_WIDE_ARENA").blank();
    }
    if (memory.several()) {
      c.line("/* The memories that the arena lies in. */");
      c.line("#define THIMBLE_REGIONS %d", memory.regions().size()).blank();
    }
    if (rounding == Rounding.SINGLE) {
      c.line("#define THIMBLE_SINGLE_ROUNDING").blank();
    }
    if (functions.fractions()) {
      c.line("/* Some biases have fractions. */");
      c.line("#define %s", ParameterText.FRACTIONS).blank();
    }
  }

  private boolean streams() {
    return plan.schedule().steps().stream().anyMatch(Step.Stream.class::isInstance);
  }

  private int maxStages() {
    return plan.schedule().steps().stream()
        .mapToInt(step -> step instanceof Step.Stream s ? s.stages().size() : 1)
        .max()
        .orElse(1);
  }

  /** A kernel's function of the name that the API needs would be a puzzling compiler error. */
  private void requireNoCollision(String kernels) {
    Matcher matcher =
        Pattern.compile(
                "\\b" + name + "_(init|run|arena|push_row_0|trace|trace_rows|profile_add)\\b")
            .matcher(kernels);
    if (matcher.find()) {
      throw new IllegalArgumentException(
          "name '"
              + name
              + "' would clash with the kernels' "
              + matcher.group()
              + "; choose another name");
    }
  }

  private void trace() {
    String macro = name.upper();
    c.line("/* With this macro the program reports every value that it stores. */");
    c.line("#ifdef %s_TRACE", macro);
    c.line("#ifdef __cplusplus").line("extern \"C\"").line("#endif");
    c.line(
        "void %s_trace(int32_t value, uint32_t offset, const void *data, uint32_t bytes);", name);
    if (functions.tiles().used()) {
      c.blank();
      c.line("static void %s_trace_rows(int32_t value, const thimble_tile *t,", name);
      c.line("    %sarena, int32_t y0, int32_t y1) {", memory.readType());
      c.line("for (int32_t b = 0; b < (int32_t)t->batch; ++b) {");
      c.line("for (int32_t y = y0; y < y1; ++y) {");
      c.line("const thimble_rows *out = t->out;");
      c.line("uint32_t row = (uint32_t)(b * (int32_t)out->rows + y);");
      c.line("const void *data = thimble_row(out, arena, b, y);");
      c.line("%s_trace(value, row * out->row_bytes, data, out->row_bytes);", name);
      c.line("}").line("}").line("}").blank();
      c.line(
          "#define %s_TRACE_ROWS(value, tile) %s_trace_rows(value, tile, arena, y0, y1)",
          macro, name);
    }
    c.line(
        "#define %s_TRACE_VALUE(value, data, bytes) %s_trace(value, 0, data, bytes)", macro, name);
    c.line("#else");
    if (functions.tiles().used()) {
      c.line("#define %s_TRACE_ROWS(value, tile)", macro);
    }
    c.line("#define %s_TRACE_VALUE(value, data, bytes)", macro);
    c.line("#endif").blank();
  }

  private void api(List<String> calls, StateContents states) {
    Optional<Step.Fed> fed = plan.schedule().fed();
    if (fed.isPresent()) {
      new FedApi(name, places, fed.get(), functions.input().orElseThrow()).write(c, calls);
    } else {
      wholeApi(calls, states);
    }
    for (int i = 0; i < graph.outputs().size(); i++) {
      port("output", i, graph.outputs().get(i), "const ");
    }
  }

  private void wholeApi(List<String> calls, StateContents states) {
    c.line("int %s_init(%s_arena *arena) {", name, name);
    if (graph.states().isEmpty()) {
      c.line("return %s ? %s_E_ARENA : 0;", memory.isMissing(), name.upper()).line("}").blank();
    } else {
      c.line("if (%s) {", memory.isMissing()).line("return %s_E_ARENA;", name.upper()).line("}");
      states.write(c);
      c.line("return 0;").line("}").blank();
    }
    for (int i = 0; i < graph.inputs().size(); i++) {
      port("input", i, graph.inputs().get(i), "");
    }
    c.line("int %s_run(%s_arena *arena) {", name, name);
    c.line("if (%s) {", memory.isMissing());
    c.line("return %s_E_ARENA;", name.upper()).line("}");
    memory.writeTable(c);
    for (int i = 0; i < calls.size(); i++) {
      image.before(i).forEach(c::line);
      c.line("%s", calls.get(i));
    }
    c.line("return 0;").line("}").blank();
  }

  private void port(String what, int index, Value value, String constness) {
    String type = constness + HeaderFile.cType(value);
    String parameter = constness + name + "_arena *arena";
    long offset = plan.offset(value);
    c.line("%s *%s_%s_%d(%s) {", type, name, what, index, parameter);
    String plain = memory.ofApi(offset);
    String address = memory.local(offset) == 0 ? plain : "(" + plain + ")";
    c.line("return (%s *)(%svoid *)%s;", type, constness, address);
    c.line("}").blank();
  }
}
