package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.GraphException;
import dev.thimble.graph.Program;
import dev.thimble.graph.Value;
import dev.thimble.importer.ImportOptions;
import dev.thimble.importer.IoInfo;
import dev.thimble.importer.ModelException;
import dev.thimble.importer.layout.LaidOut;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads an ONNX model into a program of one graph. What depends on constants and shapes alone is
 * evaluated; maps have their channels last inside. Nodes that nothing needs are left out.
 */
public final class OnnxImporter {
  private static final String EXPRESS = "express these nodes with supported operators";
  private static final Pattern FLOAT64 =
      Pattern.compile("found (double|a cast to double|a float64 constant)");

  /**
   * The domain of nodes that another format's importer has no words for. The attributes {@code
   * found} and {@code supported} say why, in the message about all nodes that are not supported.
   */
  public static final String UNTRANSLATED = "dev.thimble.untranslated";

  private static final int NEWEST_OPSET = 23;

  private final Source source;
  private final ModelProto file;
  private final ImportOptions options;
  private final String remedy;

  private OnnxImporter(Source source, ModelProto file, ImportOptions options, String remedy) {
    this.source = source;
    this.file = file;
    this.options = options;
    this.remedy = remedy;
  }

  private static ModelProto parse(Source source, byte[] bytes) {
    try {
      return ModelProto.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw source.malformed("file", "is no protocol buffer: " + e.getMessage());
    }
  }

  /** A program and what its inputs and outputs are in the file. */
  public record Imported(Program program, List<IoInfo> inputs, List<IoInfo> outputs) {
    public Imported {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }
  }

  /**
   * The program in these bytes. {@code file} names them in messages; {@code folder} is where the
   * model's further files lie, if it was read from one; {@code prepared} may change the model
   * before anything of it is understood.
   *
   * @throws ModelException when the bytes are malformed, at the first such place; or when not
   *     everything in them is supported, with all of that in one message
   */
  public static Imported read(
      String file,
      String program,
      byte[] bytes,
      Optional<Path> folder,
      UnaryOperator<ModelProto> prepared,
      ImportOptions options) {
    Source source = new Source(file, folder);
    ModelProto model = prepared.apply(parse(source, bytes));
    return new OnnxImporter(source.with(options), model, options, EXPRESS).read(program);
  }

  /**
   * The program of a model of another format that is told in ONNX's words. Its nodes' names say
   * where in that format's file they stand; {@code remedy} is what to do about nodes that are not
   * supported. Shapes that the options give are the translation's business.
   *
   * @throws ModelException as {@link #read} does
   */
  public static Imported translated(
      String file, String program, ModelProto model, ImportOptions options, String remedy) {
    Source source = new Source(file, Optional.empty()).with(options);
    ImportOptions told = options.withShapes(Map.of());
    return new OnnxImporter(source, model, told, remedy).read(program);
  }

  private Imported read(String program) {
    if (!file.hasGraph() || file.getGraph().getOutputCount() == 0) {
      throw source.malformed("graph", "there is none, or it has no outputs");
    }
    GraphProto graph = file.getGraph();
    Model model = new Model(source, opset(), functions(), options);
    reserveNames(graph, model);
    Scope scope = Scope.top(source);
    Bodies.initializers(graph, scope, model);
    List<LaidOut> inputs = new Inputs(graph, scope, model, options).define();
    Bodies.nodes(graph.getNodeList(), scope, model);
    Map<String, LaidOut> outputs = outputs(graph, scope, model);
    refuseFindings(graph, model);
    return build(program, graph, model, inputs, outputs);
  }

  private int opset() {
    int opset = file.getOpsetImportCount() == 0 ? 1 : 0;
    for (OperatorSetIdProto set : file.getOpsetImportList()) {
      if (set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx")) {
        opset = Math.clamp(set.getVersion(), 0, Integer.MAX_VALUE);
      }
    }
    if (opset > NEWEST_OPSET) {
      throw ModelException.unsupported(
          source.file(),
          "the model's operator set is not supported",
          List.of("model: found opset " + opset + "; supported: up to " + NEWEST_OPSET),
          "export the model again with opset " + NEWEST_OPSET + " or an older one");
    }
    return opset;
  }

  private Map<String, FunctionProto> functions() {
    Map<String, FunctionProto> functions = new HashMap<>();
    for (FunctionProto function : file.getFunctionsList()) {
      functions.put(function.getDomain() + ":" + function.getName(), function);
    }
    return functions;
  }

  /** The names of the file are kept for the file's own values. */
  private static void reserveNames(GraphProto graph, Model model) {
    graph.getInputList().forEach(input -> model.graph().reserve(input.getName()));
    graph.getInitializerList().forEach(tensor -> model.graph().reserve(tensor.getName()));
    for (NodeProto node : graph.getNodeList()) {
      node.getOutputList().forEach(model.graph()::reserve);
    }
  }

  private Map<String, LaidOut> outputs(GraphProto graph, Scope scope, Model model) {
    Map<String, LaidOut> outputs = new LinkedHashMap<>();
    for (ValueInfoProto output : graph.getOutputList()) {
      String name = output.getName();
      switch (scope.value(name)) {
        case Operand.Dense dense -> outputs.put(name, dense.tensor());
        case Operand.Empty empty ->
            model
                .findings()
                .add(
                    "graph output "
                        + Source.quoted(name)
                        + ": found "
                        + empty.describe()
                        + "; supported: tensors with elements");
        case Operand.Unknown unknown -> {}
      }
    }
    return outputs;
  }

  private void refuseFindings(GraphProto graph, Model model) {
    if (model.findings().isEmpty()) {
      return;
    }
    throw ModelException.unsupported(
        source.file(),
        ModelException.counted(model.findings().size(), "finding")
            + " among "
            + ModelException.counted(graph.getNodeCount(), "node"),
        model.findings(),
        constants(model) + narrow(model) + remedy + operators(model),
        List.copyOf(model.open()));
  }

  /** What takes the place of operators, where a node has one of which no form is supported. */
  private String operators(Model model) {
    boolean unknown =
        model.findings().stream().anyMatch(finding -> finding.endsWith(OperatorImport.NO_FORM));
    return unknown && remedy.equals(EXPRESS) ? " (" + OperatorImport.OPERATORS + ")" : "";
  }

  /** How to compute float64, which is not supported as it is. */
  private static String narrow(Model model) {
    boolean wide = model.findings().stream().anyMatch(finding -> FLOAT64.matcher(finding).find());
    return wide && !model.narrow() ? "compute float64 with float32: --float64 narrow; or " : "";
  }

  /** How to give inputs that would have to be constants. */
  private static String constants(Model model) {
    if (model.open().isEmpty()) {
      return "";
    }
    String options =
        model.open().stream()
            .map(name -> "--constant " + name + "=VALUES")
            .collect(Collectors.joining(" "));
    return "give what does not change from run to run as constants: " + options + "; or ";
  }

  private Imported build(
      String program,
      GraphProto proto,
      Model model,
      List<LaidOut> inputs,
      Map<String, LaidOut> outputs) {
    try {
      Map<String, LaidOut> shown = new LinkedHashMap<>();
      outputs.forEach((name, tensor) -> shown.put(name, shown(model, tensor)));
      List<LaidOut> named = model.graph().named(shown);
      List<Value> values = named.stream().map(LaidOut::value).toList();
      String name = proto.getName().isEmpty() ? "main" : proto.getName();
      Graph graph = model.graph().build(name, values);
      return new Imported(
          new Program(program, List.of(GraphChecker.check(graph))),
          inputs.stream().map(OnnxImporter::info).toList(),
          named.stream().map(OnnxImporter::info).toList());
    } catch (GraphException | IllegalArgumentException e) {
      throw source.malformed("graph", String.valueOf(e.getMessage()));
    }
  }

  /** Maps with their channels last are shown so; anything else as the file has it. */
  private static LaidOut shown(Model model, LaidOut tensor) {
    return tensor.order().isChannelsLast() && tensor.rank() <= 4
        ? tensor
        : model.graph().plain(tensor);
  }

  private static IoInfo info(LaidOut tensor) {
    return IoInfo.ordered(tensor.value(), tensor.order().axes());
  }
}
