package dev.thimble.codegen;

import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.Progress;
import dev.thimble.schedule.Step;
import java.util.List;

/** Writes the functions of a program whose input arrives row by row. */
final class FedApi {
  private final CName name;
  private final Step.Fed fed;
  private final String rows;
  private final long progress;
  private final ArenaMemory memory;
  private final WeightImage image;
  private final int stages;
  private final long progressBytes;

  /** The start of the memory that holds the input's rows. */
  private final String start;

  /** The address of the stream's progress. */
  private final String state;

  /**
   * The functions of a plan.
   *
   * @param rows the symbol of the input's rows
   */
  FedApi(CName name, Places places, Step.Fed fed, String rows) {
    MemoryPlan plan = places.plan();
    this.name = name;
    this.fed = fed;
    this.rows = rows;
    this.memory = places.memory();
    this.image = places.image();
    this.progress = plan.progress().orElseThrow();
    int inputRegion = memory.region(first(plan, fed));
    this.start =
        memory.several() ? "arena->" + memory.names().get(inputRegion) + "->bytes" : "arena->bytes";
    this.state = memory.several() ? memory.ofApi(progress) : "arena->bytes + " + progress;
    Step.Stream stream = (Step.Stream) plan.schedule().steps().getFirst();
    this.stages = stream.stages().size();
    this.progressBytes = (long) Progress.fields(stream) * Progress.fieldBytes(plan.schedule());
  }

  private static long first(MemoryPlan plan, Step.Fed fed) {
    return switch (plan.place(fed.value()).orElseThrow()) {
      case MemoryPlan.Place.Whole whole -> whole.offset();
      case MemoryPlan.Place.Rows rows -> rows.slots().getFirst();
    };
  }

  /**
   * Writes them.
   *
   * @param calls the statements that run the steps; the first one's stream takes the rows
   */
  void write(CWriter c, List<String> calls) {
    String upper = name.upper();
    c.line("int %s_init(%s_arena *arena) {", name, name);
    c.line("if (%s) {", memory.isMissing()).line("return %s_E_ARENA;", upper).line("}");
    memory.writeTable(c);
    image.before(-1).forEach(c::line);
    c.line("memset(%s, 0, %d);", state, progressBytes);
    c.line("(void)thimble_stream_run(&%s_stream_0, %s, %s);", name, state(), memory.argument());
    c.line("return 0;").line("}").blank();
    String type = HeaderFile.cType(fed.value());
    c.line("int %s_push_row_0(%s_arena *arena, const %s *row) {", name, name, type);
    c.line("if (%s) {", memory.isMissing()).line("return %s_E_ARENA;", upper).line("}");
    c.line("if (row == NULL) {").line("return %s_E_ROW;", upper).line("}");
    memory.writeTable(c);
    c.line("THIMBLE_PROGRESS *progress = %s;", state());
    c.line("THIMBLE_PROGRESS *pushed = &progress[THIMBLE_DONE + %d];", stages);
    c.line("if (*pushed >= %d) {", fed.rows()).line("return %s_E_DONE;", upper).line("}");
    c.line(
        "memcpy(%s + thimble_row_offset(&%s, 0, (int32_t)*pushed), row, %d);",
        start, rows, fed.rowBytes());
    c.line("++*pushed;");
    c.line("if (thimble_stream_run(&%s_stream_0, progress, %s)) {", name, memory.argument());
    c.line("return 1;").line("}");
    for (int i = 1; i < calls.size(); i++) {
      image.before(i).forEach(c::line);
      c.line("%s", calls.get(i));
    }
    if (calls.size() > 1) {
      c.line("*pushed = %d; /* The steps may have used the memory. */", fed.rows());
    }
    c.line("return 0;").line("}").blank();
  }

  private String state() {
    return "(THIMBLE_PROGRESS *)(void *)(" + state + ")";
  }
}
