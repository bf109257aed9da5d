package dev.thimble.codegen;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterText;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes one C function for each kernel call of a plan. The functions are kept out of line, so that
 * a simulator can tell from the addresses that it sees which node is running.
 */
final class NodeFunctions {
  private final CName name;
  private final Graph graph;
  private final KernelSources sources;
  private final Places places;
  private final boolean fractions;
  private final RowTables rows;
  private final TileTables tiles;
  private final List<Value> traced;
  private final ProfileHooks hooks;
  private final Map<Node, Integer> numbers = new HashMap<>();
  private final CWriter c = new CWriter();
  private int count;
  private Optional<String> input = Optional.empty();

  /**
   * Nothing written yet.
   *
   * @param places where everything lies; its tables receive the constants
   * @param sources receives the kernel files
   * @param traced the values that are reported, by their numbers
   */
  NodeFunctions(
      CName name, Places places, KernelSources sources, List<Value> traced, ProfileHooks hooks) {
    this.name = name;
    this.graph = places.plan().schedule().graph();
    this.sources = sources;
    this.places = places;
    this.rows = new RowTables(name, places);
    this.tiles = new TileTables(name, places, rows);
    this.traced = traced;
    this.hooks = hooks;
    this.fractions =
        places.plan().schedule().steps().stream().anyMatch(NodeFunctions::hasFractions);
  }

  /** For each node that has been written, the number of its function. */
  Map<Node, Integer> numbers() {
    return numbers;
  }

  /** How many functions have been written. */
  int count() {
    return count;
  }

  /** What has been written about tiles. */
  TileTables tiles() {
    return tiles;
  }

  /** The functions. */
  String text() {
    return c.toString();
  }

  /** Writes the functions of a step; returns the statement that runs it. */
  String write(int index, Step step) {
    return switch (step) {
      case Step.Single single -> single(begin(single.nodes(), single.kernel()));
      case Step.Stream stream -> stream(index, stream);
    };
  }

  private String single(KernelCall call) {
    String function = name + "_node_" + call.number();
    switch (call.kernel().form()) {
      case Form.Tile tile -> {
        Form.Tile flat = tile.flattened();
        tile(call, flat);
        return function + "(" + places.memory().argument() + ", 0, " + flat.rows() + ");";
      }
      case Form.Reduce reduce -> reduce(call, reduce);
      case Form.Whole w -> function(call);
    }
    return function + "(" + places.memory().argument() + ");";
  }

  private String stream(int index, Step.Stream stream) {
    sources.add("common/stream.h");
    List<String> functions = new ArrayList<>();
    for (Step.Stage stage : stream.stages()) {
      KernelCall call = begin(stage.nodes(), stage.kernel());
      functions.add(name + "_node_" + call.number());
      switch (call.kernel().form()) {
        case Form.Tile tile -> tile(call, tile);
        case Form.Reduce reduce -> turns(call, reduce);
        case Form.Whole whole ->
            throw new IllegalArgumentException("a stage of a stream needs its whole input");
      }
    }
    stream
        .fed()
        .ifPresent(
            fed -> input = Optional.of(rows.symbol(c, fed.value(), fed.rows(), fed.rowBytes())));
    new StreamTables(name, index).write(c, stream, functions);
    return "thimble_stream_all(&"
        + name
        + "_stream_"
        + index
        + ", "
        + places.memory().argument()
        + ");";
  }

  /** The symbol of the rows of the input that arrives by rows. */
  Optional<String> input() {
    return input;
  }

  /** Whether some node's biases have fractions, for which structures then have a field. */
  boolean fractions() {
    return fractions;
  }

  private static boolean hasFractions(Step step) {
    return switch (step) {
      case Step.Single single -> ParameterText.hasFractions(single.kernel().parameters());
      case Step.Stream stream ->
          stream.stages().stream()
              .anyMatch(stage -> ParameterText.hasFractions(stage.kernel().parameters()));
    };
  }

  /** Writes what stands before every function: what it computes, and its parameters. */
  private KernelCall begin(List<Node> nodes, Kernel kernel) {
    KernelCall call = new KernelCall(count++, nodes, kernel);
    sources.add(kernel.source());
    for (Node node : nodes) {
      numbers.put(node, call.number());
      String shapes =
          node.inputs().stream()
              .filter(input -> !graph.isConstant(input))
              .map(input -> input.type().shape().toString())
              .collect(Collectors.joining(", "));
      c.line(
          "/* %s: %s, %s to %s */",
          HeaderFile.comment(node.name()), node.op().kind(), shapes, node.output().type().shape());
    }
    String type = kernel.function() + "_params";
    Function<Parameter.Table, String> symbol =
        places.image().holds(call) ? table -> "NULL" : places.tables()::symbol;
    String params =
        ParameterText.initializer(kernel.parameters(), symbol, fractions()).concat(";\n");
    c.raw("static const " + type + " " + name + "_params_" + call.number() + " = " + params);
    return call;
  }

  private void tile(KernelCall call, Form.Tile tile) {
    tiles.write(c, call, tile);
    String table = name + "_tile_" + call.number();
    open(call, ", int32_t y0, int32_t y1");
    if (places.image().holds(call)) {
      c.line("thimble_tile tile = %s;", table).line("tile.params = &params;");
      table = "tile";
    }
    c.line("thimble_tile_rows(&%s, arena, y0, y1);", table);
    hooks.end(c, call.number());
    c.line("%s_TRACE_ROWS(%d, &%s);", name.upper(), traced.indexOf(call.output()), table);
    c.line("}").blank();
  }

  private void reduce(KernelCall call, Form.Reduce reduce) {
    String function = call.kernel().function();
    String params = params(call);
    Value input = call.operands().getFirst();
    open(call, "");
    c.line("const uint8_t *rows = %s;", places.address("uint8_t", input));
    c.line("uint8_t *out = %s;", places.inArena(places.offset(call.output())));
    c.line("void *accumulator = %s;", places.inArena(places.scratchOffset(call)));
    c.line("for (int32_t b = 0; b < %d; ++b) {", reduce.batch());
    c.line("%s_init(%s, accumulator);", function, params);
    c.line("for (int32_t y = 0; y < %d; ++y) {", reduce.rows());
    c.line("%s_row(%s, rows, accumulator);", function, params);
    c.line("rows += %d;", reduce.rowBytes()).line("}");
    c.line("%s_finish(%s, accumulator, out);", function, params);
    c.line("out += %d;", reduce.outputBytes()).line("}");
    close(call);
  }

  /** A reduction in a stream: a turn takes a row. */
  private void turns(KernelCall call, Form.Reduce reduce) {
    String function = call.kernel().function();
    String params = params(call);
    Value input = call.operands().getFirst();
    String from = rows.symbol(c, input, reduce.rows(), reduce.rowBytes());
    String to = rows.symbol(c, call.output(), 1, reduce.outputBytes());
    open(call, ", int32_t y0, int32_t y1");
    c.line("void *accumulator = %s;", places.inArena(places.scratchOffset(call)));
    c.line("for (int32_t y = y0; y < y1; ++y) {");
    c.line("if (y == 0) {").line("%s_init(%s, accumulator);", function, params).line("}");
    c.line("%s_row(%s, thimble_row(&%s, arena, 0, y), accumulator);", function, params, from);
    c.line("if (y == %d) {", reduce.rows() - 1);
    String base = places.memory().base(offsetOf(call.output()));
    c.line("uint8_t *out = %s + thimble_row_offset(&%s, 0, 0);", base, to);
    c.line("%s_finish(%s, accumulator, out);", function, params);
    c.line(
        "%s_TRACE_VALUE(%d, out, %d);",
        name.upper(), traced.indexOf(call.output()), reduce.outputBytes());
    c.line("}").line("}");
    hooks.end(c, call.number());
    c.line("}").blank();
  }

  private long offsetOf(Value value) {
    return switch (places.plan().place(value).orElseThrow()) {
      case MemoryPlan.Place.Whole whole -> whole.offset();
      case MemoryPlan.Place.Rows rowsOfValue -> rowsOfValue.slots().getFirst();
    };
  }

  private void function(KernelCall call) {
    List<Value> operands = call.operands();
    open(call, "");
    c.line("const void *inputs[%d];", Math.max(1, operands.size()));
    for (int i = 0; i < operands.size(); i++) {
      c.line("inputs[%d] = %s;", i, places.address("void", operands.get(i)));
    }
    String scratch =
        call.kernel().scratchBytes() > 0 ? places.inArena(places.scratchOffset(call)) : "NULL";
    c.line("%s(%s, inputs, %s, %s);", call.kernel().function(), params(call), out(call), scratch);
    close(call);
  }

  /** Where a call writes; several outputs are a table of addresses, in the node's order. */
  private String out(KernelCall call) {
    List<Value> outputs = call.outputs();
    if (outputs.size() == 1) {
      return places.inArena(places.offset(outputs.getFirst()));
    }
    c.line("void *outputs[%d];", outputs.size());
    for (int i = 0; i < outputs.size(); i++) {
      c.line("outputs[%d] = %s;", i, places.inArena(places.offset(outputs.get(i))));
    }
    return "outputs";
  }

  /** The address of a call's parameters; those of copied weights are made anew by each call. */
  private String params(KernelCall call) {
    return places.image().holds(call) ? "&params" : "&" + name + "_params_" + call.number();
  }

  private void open(KernelCall call, String parameters) {
    c.line(
        "static THIMBLE_NOINLINE void %s_node_%d(%sarena%s) {",
        name, call.number(), places.memory().type(), parameters);
    hooks.begin(c);
    if (places.image().holds(call)) {
      places.image().patch(c, call);
    }
  }

  private void close(KernelCall call) {
    hooks.end(c, call.number());
    for (Value output : call.outputs()) {
      c.line(
          "%s_TRACE_VALUE(%d, %s, %d);",
          name.upper(),
          traced.indexOf(output),
          places.inArena(places.offset(output)),
          output.type().bytes());
    }
    c.line("}").blank();
  }
}
