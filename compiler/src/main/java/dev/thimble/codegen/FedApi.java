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
  private final int stages;
  private final long progressBytes;

  /**
   * The functions of a plan.
   *
   * @param rows the symbol of the input's rows
   */
  FedApi(CName name, MemoryPlan plan, Step.Fed fed, String rows) {
    this.name = name;
    this.fed = fed;
    this.rows = rows;
    this.progress = plan.progress().orElseThrow();
    Step.Stream stream = (Step.Stream) plan.schedule().steps().getFirst();
    this.stages = stream.stages().size();
    this.progressBytes = (long) Progress.fields(stream) * Progress.fieldBytes(plan.schedule());
  }

  /**
   * Writes them.
   *
   * @param calls the statements that run the steps; the first one's stream takes the rows
   */
  void write(CWriter c, List<String> calls) {
    String upper = name.upper();
    c.line("int %s_init(%s_arena *arena) {", name, name);
    c.line("if (arena == NULL) {").line("return %s_E_ARENA;", upper).line("}");
    c.line("memset(arena->bytes + %d, 0, %d);", progress, progressBytes);
    c.line("(void)thimble_stream_run(&%s_stream_0, %s, arena->bytes);", name, state());
    c.line("return 0;").line("}").blank();
    String type = HeaderFile.cType(fed.value());
    c.line("int %s_push_row_0(%s_arena *arena, const %s *row) {", name, name, type);
    c.line("if (arena == NULL) {").line("return %s_E_ARENA;", upper).line("}");
    c.line("if (row == NULL) {").line("return %s_E_ROW;", upper).line("}");
    c.line("THIMBLE_PROGRESS *progress = %s;", state());
    c.line("THIMBLE_PROGRESS *pushed = &progress[THIMBLE_DONE + %d];", stages);
    c.line("if (*pushed >= %d) {", fed.rows()).line("return %s_E_DONE;", upper).line("}");
    c.line(
        "memcpy(arena->bytes + thimble_row_offset(&%s, 0, (int32_t)*pushed), row, %d);",
        rows, fed.rowBytes());
    c.line("++*pushed;");
    c.line("if (thimble_stream_run(&%s_stream_0, progress, arena->bytes)) {", name);
    c.line("return 1;").line("}");
    calls.subList(1, calls.size()).forEach(c::line);
    if (calls.size() > 1) {
      c.line("*pushed = %d; /* The steps may have used the memory. */", fed.rows());
    }
    c.line("return 0;").line("}").blank();
  }

  private String state() {
    return "(THIMBLE_PROGRESS *)(void *)(arena->bytes + " + progress + ")";
  }
}
