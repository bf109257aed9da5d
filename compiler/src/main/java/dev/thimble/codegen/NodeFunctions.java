package dev.thimble.codegen;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.ParameterText;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.Step;
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
  private final Graph graph;
  private final KernelSources sources;
  private final Places places;
  private final TileTables tiles;
  private final List<Value> traced;
  private final Map<Node, Integer> numbers = new HashMap<>();
  private final CWriter c = new CWriter();
  private int count;

  /**
   * Nothing written yet.
   *
   * @param tables receives the constants
   * @param sources receives the kernel files
   * @param traced the values that are reported, by their numbers
   */
  NodeFunctions(
      CName name, MemoryPlan plan, Tables tables, KernelSources sources, List<Value> traced) {
    this.name = name;
    this.graph = plan.schedule().graph();
    this.sources = sources;
    this.places = new Places(plan, tables);
    this.tiles = new TileTables(name, places);
    this.traced = traced;
  }

  /** For each node that has been written, the number of its function. */
  Map<Node, Integer> numbers() {
    return numbers;
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
      case Step.Whole whole -> whole(begin(index, whole.nodes(), whole.kernel()));
      case Step.FusedPool fused -> whole(begin(index, fused.nodes(), fused.kernel()));
      case Step.Stream stream -> stream(index, stream);
    };
  }

  private String whole(KernelCall call) {
    String function = name + "_node_" + call.number();
    switch (call.kernel().form()) {
      case Form.Tile tile -> {
        Form.Tile flat = tile.flattened();
        tile(call, flat, Map.of());
        return function + "(arena->bytes, 0, " + flat.rows() + ");";
      }
      case Form.Reduce reduce -> reduce(call, reduce);
      case Form.Whole w -> function(call);
    }
    return function + "(arena->bytes);";
  }

  private String stream(int index, Step.Stream stream) {
    sources.add("common/stream.h");
    Map<Value, Integer> rings = new HashMap<>();
    stream.stages().forEach(stage -> rings.put(stage.output(), stage.ringRows()));
    CWriter stages = new CWriter();
    int size = stream.stages().size();
    stages.line("static const thimble_stage %s_stream_%d[%d] = {", name, index, size);
    for (Step.Stage stage : stream.stages()) {
      KernelCall call = begin(index, stage.nodes(), stage.kernel());
      tile(call, (Form.Tile) stage.kernel().form(), rings);
      stages.line("{%s_node_%d, &%s_tile_%d},", name, call.number(), name, call.number());
    }
    c.raw(stages.line("};").toString()).blank();
    return "thimble_stream(" + name + "_stream_" + index + ", " + size + ", arena->bytes);";
  }

  /** Writes what stands before every function: what it computes, and its parameters. */
  private KernelCall begin(int step, List<Node> nodes, Kernel kernel) {
    KernelCall call = new KernelCall(count++, step, nodes, kernel);
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
    String params =
        ParameterText.initializer(kernel.parameters(), places.tables()::symbol).concat(";\n");
    c.raw("static const " + type + " " + name + "_params_" + call.number() + " = " + params);
    return call;
  }

  private void tile(KernelCall call, Form.Tile tile, Map<Value, Integer> rings) {
    tiles.write(c, call, tile, rings);
    String table = name + "_tile_" + call.number();
    open(call, "uint8_t *arena, int32_t y0, int32_t y1");
    c.line("thimble_tile_rows(&%s, arena, y0, y1);", table);
    c.line("%s_TRACE_ROWS(%d, &%s);", name.upper(), traced.indexOf(call.output()), table);
    c.line("}").blank();
  }

  private void reduce(KernelCall call, Form.Reduce reduce) {
    String function = call.kernel().function();
    String params = "&" + name + "_params_" + call.number();
    Value input = call.operands().getFirst();
    open(call, "uint8_t *arena");
    c.line("const uint8_t *rows = %s;", places.address("uint8_t", input));
    c.line("uint8_t *out = %s;", Places.inArena(places.offset(call.output())));
    c.line("void *accumulator = %s;", Places.inArena(places.scratchOffset(call.step())));
    c.line("for (int32_t b = 0; b < %d; ++b) {", reduce.batch());
    c.line("%s_init(%s, accumulator);", function, params);
    c.line("for (int32_t y = 0; y < %d; ++y) {", reduce.rows());
    c.line("%s_row(%s, rows, accumulator);", function, params);
    c.line("rows += %d;", reduce.rowBytes()).line("}");
    c.line("%s_finish(%s, accumulator, out);", function, params);
    c.line("out += %d;", reduce.outputBytes()).line("}");
    close(call);
  }

  private void function(KernelCall call) {
    List<Value> operands = call.operands();
    open(call, "uint8_t *arena");
    c.line("const void *inputs[%d];", Math.max(1, operands.size()));
    for (int i = 0; i < operands.size(); i++) {
      c.line("inputs[%d] = %s;", i, places.address("void", operands.get(i)));
    }
    String scratch =
        call.kernel().scratchBytes() > 0
            ? Places.inArena(places.scratchOffset(call.step()))
            : "NULL";
    String out = Places.inArena(places.offset(call.output()));
    c.line(
        "%s(&%s_params_%d, inputs, %s, %s);",
        call.kernel().function(), name, call.number(), out, scratch);
    close(call);
  }

  private void open(KernelCall call, String parameters) {
    c.line("static THIMBLE_NOINLINE void %s_node_%d(%s) {", name, call.number(), parameters);
  }

  private void close(KernelCall call) {
    Value output = call.output();
    c.line(
        "%s_TRACE_VALUE(%d, %s, %d);",
        name.upper(),
        traced.indexOf(output),
        Places.inArena(places.offset(output)),
        output.type().bytes());
    c.line("}").blank();
  }
}
