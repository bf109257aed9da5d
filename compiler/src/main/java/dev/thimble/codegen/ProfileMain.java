package dev.thimble.codegen;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.schedule.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes a main function that runs one inference of a program with hooks, and prints a table. */
final class ProfileMain {
  private static final String START =
      """
      /* Starts the counter that the program reads by default. */
      static void start(void) {
      #if defined(NAME_CYCLES)
        /* Whoever defined the macro has a counter that runs. */
      #elif defined(__ARM_ARCH_7M__) || defined(__ARM_ARCH_7EM__) || \\
          defined(__ARM_ARCH_8M_MAIN__) || defined(__ARM_ARCH_8_1M_MAIN__)
        *(volatile uint32_t *)0xE000EDFCu |= 1u << 24;     /* DEMCR: the DWT is on */
        *(volatile uint32_t *)0xE0001FB0u = 0xC5ACCE55u;   /* DWT_LAR: Cortex-M7 locks it */
        *(volatile uint32_t *)0xE0001000u |= 1u;           /* DWT_CTRL: CYCCNT counts */
      #elif defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
        *(volatile uint32_t *)0xE000E014u = 0xFFFFFFu; /* SYST_RVR */
        *(volatile uint32_t *)0xE000E018u = 0;         /* SYST_CVR */
        *(volatile uint32_t *)0xE000E010u = 5;         /* SYST_CSR: of the core's clock, on */
      #endif
      }

      /* The documented generator of samples; this is sample 1. */
      static uint32_t state = 1;

      static uint32_t next(void) {
        state = state * 1664525u + 1013904223u;
        return state;
      }

      static uint64_t cycles[NAME_PROFILE_NODES];

      void name_profile_add(int32_t node, uint32_t taken) { cycles[node] += taken; }

      /* A number with commas between the thousands, at the end of 28 characters. */
      static const char *grouped(uint64_t number, char *text) {
        char *at = text + 27;
        int32_t digits = 0;
        *at = 0;
        do {
          if (digits > 0 && digits % 3 == 0) {
            *--at = ',';
          }
          *--at = (char)('0' + (int)(number % 10));
          number /= 10;
          ++digits;
        } while (number > 0);
        return at;
      }

      static void print(uint64_t taken, uint32_t macs, const char *node, const char *op) {
        char text[28];
        printf("%12s ", grouped(taken, text));
        if (macs > 0) {
          uint64_t hundredths = (taken * 100 + macs / 2) / macs;
          printf("%6lu.%02lu", (unsigned long)(hundredths / 100), (unsigned long)(hundredths % 100));
        } else {
          printf("%9s", "");
        }
        printf("  %s (%s)\\n", node, op);
      }
      """;

  private final CName name;
  private final Graph graph;
  private final Map<Integer, List<Node>> functions = new TreeMap<>();
  private final Optional<Step.Fed> fed;
  private final ArenaMemory memory;
  private final CWriter c = new CWriter();

  /**
   * Nothing written yet.
   *
   * @param numbers for each node the number of its function
   */
  ProfileMain(
      CName name,
      Graph graph,
      Map<Node, Integer> numbers,
      Optional<Step.Fed> fed,
      ArenaMemory memory) {
    this.name = name;
    this.graph = graph;
    this.fed = fed;
    this.memory = memory;
    for (Node node : graph.nodes()) {
      Integer number = numbers.get(node);
      if (number != null) {
        functions.computeIfAbsent(number, n -> new ArrayList<>()).add(node);
      }
    }
  }

  /** The file's text. */
  String write(String banner) {
    c.line("/* %s_profile_main.c: %s", name, banner);
    c.line(" *");
    c.line(
        " * Runs one inference and prints the cycles of each node. Build it with %s.c and", name);
    c.line(" * %s_weights.c, all with -D%s_PROFILE. */", name, name.upper());
    c.line("#include \"%s.h\"", name).blank();
    c.line("#include <stdint.h>").line("#include <stdio.h>").blank();
    c.line("#ifndef %s_PROFILE", name.upper());
    c.line("#error \"build this file and %s.c with -D%s_PROFILE\"", name, name.upper());
    c.line("#endif").blank();
    c.raw(START.replace("NAME", name.upper()).replace("name_", name + "_")).blank();
    arena();
    if (fed.isPresent()) {
      push(fed.get());
    } else {
      run();
    }
    table();
    return c.toString();
  }

  private void arena() {
    if (!memory.several()) {
      c.line("static %s_arena arena;", name).blank();
      return;
    }
    c.line("/* The linker script places these by their sections: see %s.h. */", name);
    List<String> parts = memory.names();
    parts.forEach(part -> c.line("static %s_%s part_%s;", name, part, part));
    c.line(
        "static %s_arena arena = {%s};",
        name, parts.stream().map(part -> "&part_" + part).collect(Collectors.joining(", ")));
    c.blank();
  }

  private void run() {
    c.line("static int infer(void) {");
    for (int i = 0; i < graph.inputs().size(); i++) {
      Value input = graph.inputs().get(i);
      c.line("{");
      c.line("%s *to = %s_input_%d(&arena);", HeaderFile.cType(input), name, i);
      c.line("for (int32_t i = 0; i < %d; ++i) {", input.type().elements());
      c.line("to[i] = %s;", ProfileHooks.sampled(input)).line("}").line("}");
    }
    c.line("return %s_run(&arena);", name).line("}").blank();
  }

  private void push(Step.Fed rows) {
    Value input = rows.value();
    c.line("static int infer(void) {");
    c.line("static %s row[%s_INPUT_0_ROW_ELEMENTS];", HeaderFile.cType(input), name.upper());
    c.line("int result = 1;");
    c.line("for (int32_t y = 0; y < %d && result > 0; ++y) {", rows.rows());
    c.line("for (int32_t i = 0; i < %s_INPUT_0_ROW_ELEMENTS; ++i) {", name.upper());
    c.line("row[i] = %s;", ProfileHooks.sampled(input)).line("}");
    c.line("result = %s_push_row_0(&arena, row);", name).line("}");
    c.line("return result;").line("}").blank();
  }

  private void table() {
    c.line("int main(void) {");
    c.line("uint64_t all = 0;").line("char text[28];").line("start();");
    c.line("if (%s_init(&arena) != 0 || infer() != 0) {", name);
    c.line("printf(\"the inference failed\\n\");").line("return 1;").line("}");
    c.line("printf(\"%12s %9s  node\\n\", \"cycles\", \"per MAC\");");
    functions.forEach((number, nodes) -> {
      String ops = nodes.stream().map(node -> node.op().kind()).collect(Collectors.joining("+"));
      long macs = nodes.stream().mapToLong(Node::macs).sum();
      c.line(
          "print(cycles[%d], %du, %s, %s);",
          number,
          Math.min(macs, 0xFFFFFFFFL),
          ProfileHooks.literal(nodes.getLast().name()),
          ProfileHooks.literal(ops));
    });
    c.line("for (int32_t i = 0; i < %s_PROFILE_NODES; ++i) {", name.upper());
    c.line("all += cycles[i];").line("}");
    c.line("printf(\"%12s %9s  in all\\n\", grouped(all, text), \"\");");
    c.line("return 0;").line("}");
  }
}
