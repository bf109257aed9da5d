package dev.thimble.importer.pytorch.archive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the graph's JSON. Source: {@code torch/_export/serde/schema.py}, versions up to 8. */
final class GraphReader {
  private static final int SCHEMA = 8;
  private static final String OPS = "torch.ops.";

  private GraphReader() {}

  static ExportedProgram read(JsonAt json, Weights weights) {
    long schema = json.get("schema_version").get("major").integer();
    if (schema > SCHEMA) {
      throw json.source()
          .unsupported(
              json.place(),
              "has schema version " + schema + ", and versions to " + SCHEMA + " are known",
              "export with a PyTorch of the 2 series");
    }
    JsonAt module = json.get("graph_module");
    JsonAt graph = module.get("graph");
    JsonAt signature = module.get("signature");
    return new ExportedProgram(
        json.find("torch_version").map(JsonAt::text).orElse("<=2.4"),
        signature.get("input_specs").items().stream().map(GraphReader::input).toList(),
        signature.get("output_specs").items().stream().map(GraphReader::output).toList(),
        nodes(graph.get("nodes")),
        symbols(graph.get("sym_int_values")),
        metas(graph.get("tensor_values")),
        weights);
  }

  private static Map<String, Extent> symbols(JsonAt json) {
    Map<String, Extent> symbols = new LinkedHashMap<>();
    json.fields().forEach((name, at) -> symbols.put(name, ArgumentReader.extent(at)));
    return symbols;
  }

  private static ExportedInput input(JsonAt json) {
    Map.Entry<String, JsonAt> union = json.only();
    JsonAt at = union.getValue();
    return switch (union.getKey()) {
      case "user_input" -> user(at.get("arg"));
      case "parameter" -> new ExportedInput.State(value(at), at.get("parameter_name").text());
      case "buffer" -> {
        String name = at.get("buffer_name").text();
        yield at.get("persistent").truth()
            ? new ExportedInput.State(value(at), name)
            : new ExportedInput.Constant(value(at), name);
      }
      case "tensor_constant" ->
          new ExportedInput.Constant(value(at), at.get("tensor_constant_name").text());
      case "constant_input" ->
          new ExportedInput.Fixed(ArgumentReader.name(at), ArgumentReader.read(at.get("value")));
      case "custom_obj", "token" -> new ExportedInput.Unsupported(value(at), union.getKey());
      default -> throw json.malformed("is an input of an unknown kind");
    };
  }

  private static ExportedInput user(JsonAt argument) {
    return switch (ArgumentReader.read(argument)) {
      case Argument.Tensor(String name) -> new ExportedInput.User(name);
      case Argument other ->
          new ExportedInput.Unsupported(
              argument.place(), "a value that is no tensor: " + argument.only().getKey());
    };
  }

  private static String value(JsonAt spec) {
    return ArgumentReader.name(spec.get("arg"));
  }

  private static ExportedOutput output(JsonAt json) {
    Map.Entry<String, JsonAt> union = json.only();
    JsonAt at = union.getValue();
    return switch (union.getKey()) {
      case "user_output" -> new ExportedOutput.User(ArgumentReader.read(at.get("arg")));
      case "loss_output", "token" ->
          new ExportedOutput.Mutation(union.getKey(), value(at), "the model");
      case "buffer_mutation" ->
          new ExportedOutput.Mutation("buffer", value(at), at.get("buffer_name").text());
      case "parameter_mutation", "gradient_to_parameter" ->
          new ExportedOutput.Mutation("parameter", value(at), at.get("parameter_name").text());
      case "user_input_mutation", "gradient_to_user_input" ->
          new ExportedOutput.Mutation("input", value(at), at.get("user_input_name").text());
      default -> throw json.malformed("is an output of an unknown kind");
    };
  }

  private static List<ExportedNode> nodes(JsonAt json) {
    List<ExportedNode> nodes = new ArrayList<>();
    for (JsonAt at : json.items()) {
      String target = at.get("target").text();
      nodes.add(
          new ExportedNode(
              nodes.size(),
              target.startsWith(OPS) ? target.substring(OPS.length()) : target,
              at.get("inputs").items().stream().map(GraphReader::named).toList(),
              at.get("outputs").items().stream().map(ArgumentReader::read).toList(),
              at.find("metadata")
                  .flatMap(metadata -> metadata.find("stack_trace"))
                  .map(JsonAt::text)
                  .flatMap(PythonLine::of)));
    }
    return nodes;
  }

  private static ExportedNode.Named named(JsonAt json) {
    return new ExportedNode.Named(json.get("name").text(), ArgumentReader.read(json.get("arg")));
  }

  private static Map<String, TensorMeta> metas(JsonAt json) {
    Map<String, TensorMeta> metas = new LinkedHashMap<>();
    json.fields()
        .forEach((name, at) ->
            metas.put(
                name,
                new TensorMeta(
                    at.get("dtype").integer(),
                    at.get("sizes").items().stream().map(ArgumentReader::extent).toList())));
    return metas;
  }
}
