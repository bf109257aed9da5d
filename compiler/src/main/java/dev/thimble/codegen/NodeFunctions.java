package dev.thimble.codegen;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.ParameterText;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.Step;
import dev.thimble.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes one C function for each kernel call of a plan. The functions are kept out of line, so that
 * a simulator can tell from the addresses that it sees which node is running.
 */
final class NodeFunctions {
  private final CName name;
  private final MemoryPlan plan;
  private final Graph graph;
  private final Tables tables;
  private final List<Value> traced;
  private final Map<Node, Integer> numbers = new HashMap<>();
  private int count;
  private int maxRows = 1;
  private boolean usesTiles;

  NodeFunctions(CName name, MemoryPlan plan, Tables tables, List<Value> traced) {
    this.name = name;
    this.plan = plan;
    this.graph = plan.schedule().graph();
    this.tables = tables;
    this.traced = traced;
  }

  /** For each node that has been written, the number of its function. */
  Map<Node, Integer> numbers() {
    return numbers;
  }

  int maxRows() {
    return maxRows;
  }

  boolean usesTiles() {
    return usesTiles;
  }

  /** Writes the function of nodes that one kernel serves; returns the statement that calls it. */
  String whole(CWriter c, KernelSources sources, int step, List<Node> nodes, Kernel kernel) {
    int number = begin(c, sources, nodes, kernel);
    switch (kernel.form()) {
      case Form.Tile tile -> {
        Form.Tile flat = tile.flattened();
        tile(c, number, step, nodes, kernel, flat, Map.of());
        return String.format("%s_node_%d(arena->bytes, 0, %d);", name, number, flat.rows());
      }
      case Form.Reduce reduce -> reduce(c, number, step, nodes, kernel, reduce);
      case Form.Whole w -> function(c, number, step, nodes, kernel);
    }
    return String.format("%s_node_%d(arena->bytes);", name, number);
  }

  /** Writes the functions of a stream's nodes and its table; returns the statement that runs it. */
  String stream(CWriter c, KernelSources sources, int step, Step.Stream stream) {
    sources.add("common/stream.h");
    Map<Value, Integer> rings = new HashMap<>();
    List<String> rows = new ArrayList<>();
    for (Step.Stage stage : stream.stages()) {
      rings.put(stage.nodes().getLast().output(), stage.ringRows());
    }
    for (Step.Stage stage : stream.stages()) {
      int number = begin(c, sources, stage.nodes(), stage.kernel());
      Form.Tile tile = (Form.Tile) stage.kernel().form();
      tile(c, number, step, stage.nodes(), stage.kernel(), tile, rings);
      rows.add(String.format("{ %s_node_%d, &%s_tile_%d },", name, number, name, number));
    }
    c.line("static const thimble_stage %s_stream_%d[%d] = {", name, step, rows.size());
    rows.forEach(c::line);
    c.line("};").blank();
    return String.format(
        "thimble_stream(%s_stream_%d, %d, arena->bytes);", name, step, rows.size());
  }

  private int begin(CWriter c, KernelSources sources, List<Node> nodes, Kernel kernel) {
    int number = count++;
    nodes.forEach(node -> numbers.put(node, number));
    sources.add(kernel.source());
    for (Node node : nodes) {
      String shapes =
          node.inputs().stream()
              .filter(input -> !graph.isConstant(input))
              .map(input -> input.type().shape().toString())
              .collect(Collectors.joining(", "));
      c.line(
          "/* %s: %s, %s to %s */",
          HeaderFile.comment(node.name()), node.op().kind(), shapes, node.output().type().shape());
    }
    c.raw(
        "static const %s_params %s_params_%d = "
            .formatted(kernel.function(), name, number)
            .concat(ParameterText.initializer(kernel.parameters(), tables::symbol))
            .concat(";\n"));
    c.blank();
    return number;
  }

  private void tile(
      CWriter c,
      int number,
      int step,
      List<Node> nodes,
      Kernel kernel,
      Form.Tile tile,
      Map<Value, Integer> rings) {
    usesTiles = true;
    maxRows = Math.max(maxRows, tile.window().size() * kernel.operands().size());
    Value output = nodes.getLast().output();
    c.line(
        "static const thimble_operand %s_operands_%d[%d] = {",
        name, number, kernel.operands().size());
    for (int i = 0; i < kernel.operands().size(); i++) {
      Value operand = nodes.getFirst().inputs().get(kernel.operands().get(i));
      Form.Operand rows = tile.operands().get(i);
      int ring = rings.getOrDefault(operand, rows.rows());
      c.line(
          "{ %s, %d, %d, %d, %d },",
          constant(operand), offset(operand), rows.rowBytes(), rows.rows(), ring);
    }
    c.line("};");
    DType dtype = nodes.getFirst().input().type().dtype();
    String outside =
        tile.outside().isPresent()
            ? tables.outsideRow(
                dtype, tile.outside().getAsInt(), tile.operands().getFirst().rowBytes())
            : "NULL";
    c.line("static const thimble_tile %s_tile_%d = {", name, number);
    c.line("%s, /* kernel */", kernel.function());
    c.line("&%s_params_%d, /* params */", name, number);
    c.line("%s_operands_%d, /* operands */", name, number);
    c.line("%s, /* outside */", outside);
    c.line("%d, /* out_offset */", offset(output));
    c.line("%d, /* out_row_bytes */", tile.rowBytes());
    c.line("%d, /* scratch_offset */", scratchOffset(step));
    c.line("%d, /* width */", tile.width());
    c.line("%d, /* rows */", tile.rows());
    c.line("%d, /* out_ring */", rings.getOrDefault(output, tile.rows()));
    c.line("%d, /* batch */", tile.batch());
    c.line("%d, /* window */", tile.window().size());
    c.line("%d, /* stride */", tile.window().stride());
    c.line("%d, /* before */", tile.window().before());
    c.line("%d, /* operand_count */", kernel.operands().size());
    c.line("};");
    c.line(
        "static THIMBLE_NOINLINE void %s_node_%d(uint8_t *arena, int32_t y0, int32_t y1)",
        name, number);
    c.line("{");
    c.line("thimble_tile_rows(&%s_tile_%d, arena, y0, y1);", name, number);
    int value = traced.indexOf(output);
    c.line("%s_TRACE_ROWS(%d, &%s_tile_%d);", name.upper(), value, name, number);
    c.line("}").blank();
  }

  private void reduce(
      CWriter c, int number, int step, List<Node> nodes, Kernel kernel, Form.Reduce reduce) {
    String params = "&" + name + "_params_" + number;
    open(c, number);
    Value input = nodes.getFirst().inputs().get(kernel.operands().getFirst());
    c.line("const uint8_t *rows = %s;", address("const uint8_t", input));
    c.line("uint8_t *out = arena + %d;", offset(nodes.getLast().output()));
    c.line("void *accumulator = arena + %d;", scratchOffset(step));
    c.line("for (int32_t b = 0; b < %d; b++) {", reduce.batch());
    c.line("%s_init(%s, accumulator);", kernel.function(), params);
    c.line("for (int32_t y = 0; y < %d; y++) {", reduce.rows());
    c.line("%s_row(%s, rows, accumulator);", kernel.function(), params);
    c.line("rows += %d;", reduce.rowBytes()).line("}");
    c.line("%s_finish(%s, accumulator, out);", kernel.function(), params);
    c.line("out += %d;", reduce.outputBytes()).line("}");
    close(c, nodes);
  }

  private void function(CWriter c, int number, int step, List<Node> nodes, Kernel kernel) {
    open(c, number);
    c.line("const void *inputs[%d];", Math.max(1, kernel.operands().size()));
    for (int i = 0; i < kernel.operands().size(); i++) {
      Value operand = nodes.getFirst().inputs().get(kernel.operands().get(i));
      c.line("inputs[%d] = %s;", i, address("const void", operand));
    }
    String scratch = kernel.scratchBytes() > 0 ? "arena + " + scratchOffset(step) : "NULL";
    c.line(
        "%s(&%s_params_%d, inputs, arena + %d, %s);",
        kernel.function(), name, number, offset(nodes.getLast().output()), scratch);
    close(c, nodes);
  }

  private void open(CWriter c, int number) {
    c.line("static THIMBLE_NOINLINE void %s_node_%d(uint8_t *arena)", name, number).line("{");
  }

  private void close(CWriter c, List<Node> nodes) {
    Value output = nodes.getLast().output();
    c.line(
        "%s_TRACE_VALUE(%d, arena + %d, %d);",
        name.upper(), traced.indexOf(output), offset(output), output.type().bytes());
    c.line("}").blank();
  }

  /** The address of a value in an expression of this C type. */
  private String address(String type, Value value) {
    return graph
        .constant(value)
        .map(tensor -> "(" + type + " *)" + tables.symbol(tensor))
        .orElseGet(() -> "arena + " + offset(value));
  }

  /** The symbol of a constant operand, or NULL for what lies in the arena. */
  private String constant(Value value) {
    return graph.constant(value).map(tables::symbol).orElse("NULL");
  }

  private long offset(Value value) {
    return graph.isConstant(value) ? 0 : plan.place(value).orElseThrow().offset();
  }

  private long scratchOffset(int step) {
    MemoryPlan.Placed scratch = plan.scratch().get(step);
    return scratch == null ? 0 : scratch.offset();
  }
}
