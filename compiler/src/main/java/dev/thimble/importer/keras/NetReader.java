package dev.thimble.importer.keras;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads a model's configuration in the forms that Keras wrote over the years: a sequential model's
 * layers were its whole configuration in Keras 1; applications of layers were lists of references
 * until Keras 3, which writes the arguments of a call.
 */
final class NetReader {
  /** More layers than any network that a microcontroller runs. */
  private static final int MAX_LAYERS = 20_000;

  private static final int MAX_CALLS = 100_000;

  private final ModelFile file;
  private int layers;
  private int calls;

  NetReader(ModelFile file) {
    this.file = file;
  }

  /** The model of a class's configuration: {@code {"class_name": …, "config": …}}. */
  Net read(JsonNode json) {
    LayerConfig model = new LayerConfig(file, "model configuration", json);
    String kind = model.text("", "class_name");
    if (!Net.KINDS.contains(kind)) {
      throw new UnsupportedLayer(
          "a model of class " + (kind.isEmpty() ? "none" : kind),
          "Sequential and Functional models");
    }
    JsonNode config =
        model.get("config").orElseThrow(() -> model.malformed("has no configuration"));
    return net(kind, "model", config);
  }

  /** The model that a layer is. */
  Net nested(LayerSpec layer) {
    return net(layer.kind(), layer.name(), layer.config().json());
  }

  private Net net(String kind, String fallbackName, JsonNode json) {
    String place = "model '" + fallbackName + "'";
    boolean sequential = kind.equals("Sequential");
    if (sequential && json.isArray()) {
      LayerConfig bare = new LayerConfig(file, place, emptyObject());
      return new Net(fallbackName, true, bare, specs(place, json), List.of(), List.of());
    }
    LayerConfig config = new LayerConfig(file, place, json);
    JsonNode listed = config.get("layers").orElseThrow(() -> config.malformed("has no layers"));
    String name = config.text(fallbackName, "name");
    List<LayerSpec> specs = specs(place, listed);
    return sequential
        ? new Net(name, true, config, specs, List.of(), List.of())
        : new Net(
            name,
            false,
            config,
            specs,
            ends(config, "input_layers"),
            ends(config, "output_layers"));
  }

  private static JsonNode emptyObject() {
    return tools.jackson.databind.node.JsonNodeFactory.instance.objectNode();
  }

  private List<LayerSpec> specs(String place, JsonNode listed) {
    if (!listed.isArray()) {
      throw file.malformed(place, "has layers that are no list");
    }
    List<LayerSpec> specs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode json : listed) {
      if (++layers > MAX_LAYERS) {
        throw file.malformed(place, "has more than " + MAX_LAYERS + " layers");
      }
      LayerSpec spec = spec("layer " + specs.size(), json);
      if (!names.add(spec.name())) {
        throw file.malformed(place, "has two layers named '" + spec.name() + "'");
      }
      specs.add(spec);
    }
    return specs;
  }

  /** The layer of a class's configuration, as it stands in lists and in wrappers. */
  LayerSpec spec(String place, JsonNode json) {
    LayerConfig entry = new LayerConfig(file, place, json);
    String kind = entry.text("", "class_name");
    if (kind.isEmpty()) {
      throw entry.malformed("has no class");
    }
    JsonNode config = entry.get("config").orElse(emptyObject());
    // A nested sequential model of Keras 1 is a list, which has no name of its own.
    String inner = config.isObject() ? new LayerConfig(file, place, config).text("", "name") : "";
    String named = entry.text(inner, "name");
    String name = named.isEmpty() ? place.replace(' ', '_') : named;
    String where = "layer '" + name + "' (" + kind + ")";
    LayerConfig attributes =
        config.isObject()
            ? new LayerConfig(file, where, config)
            : new LayerConfig(file, where, wrapped(where, kind, config));
    Optional<JsonNode> inbound = entry.get("inbound_nodes");
    List<LayerCall> found = inbound.isPresent() ? calls(where, inbound.get()) : List.of();
    return new LayerSpec(name, kind, entry.text("", "module"), attributes, found);
  }

  private JsonNode wrapped(String place, String kind, JsonNode config) {
    if (!kind.equals("Sequential") || !config.isArray()) {
      throw file.malformed(place, "has a configuration that is no JSON object");
    }
    return tools.jackson.databind.node.JsonNodeFactory.instance.objectNode().set("layers", config);
  }

  private List<LayerCall> calls(String place, JsonNode inbound) {
    if (!inbound.isArray()) {
      throw file.malformed(place, "has inbound nodes that are no list");
    }
    List<LayerCall> found = new ArrayList<>();
    for (JsonNode node : inbound) {
      if (++calls > MAX_CALLS) {
        throw file.malformed(place, "is applied too often");
      }
      found.add(node.isObject() ? newCall(place, node) : oldCall(place, node));
    }
    return found;
  }

  /** Keras 3: {@code {"args": […], "kwargs": {…}}}, where tensors are marked objects. */
  private LayerCall newCall(String place, JsonNode node) {
    List<TensorRef> inputs = new ArrayList<>();
    Map<String, JsonNode> constants = new LinkedHashMap<>();
    JsonNode args = node.path("args");
    for (int i = 0; i < args.size(); i++) {
      argument(place, "arg" + i, args.get(i), inputs, constants);
    }
    for (Map.Entry<String, JsonNode> entry : node.path("kwargs").properties()) {
      argument(place, entry.getKey(), entry.getValue(), inputs, constants);
    }
    return new LayerCall(inputs, constants);
  }

  private void argument(
      String place,
      String name,
      JsonNode value,
      List<TensorRef> inputs,
      Map<String, JsonNode> constants) {
    if (value.isObject() && value.path("class_name").asString("").equals("__keras_tensor__")) {
      inputs.add(reference(place, value.path("config").path("keras_history")));
    } else if (value.isArray() && holdsTensor(value)) {
      for (int i = 0; i < value.size(); i++) {
        argument(place, name + "_" + i, value.get(i), inputs, constants);
      }
    } else if (!value.isNull()) {
      constants.put(name, value);
    }
  }

  private static boolean holdsTensor(JsonNode list) {
    for (JsonNode element : list) {
      if (element.isObject() && element.has("class_name")) {
        return true;
      }
    }
    return false;
  }

  /** Keras 1 and 2: a list of references, or one alone, each with a call's other arguments. */
  private LayerCall oldCall(String place, JsonNode node) {
    List<TensorRef> inputs = new ArrayList<>();
    Map<String, JsonNode> constants = new LinkedHashMap<>();
    boolean alone = node.isArray() && node.size() > 0 && node.path(0).isString();
    for (JsonNode entry : alone ? List.of(node) : node) {
      inputs.add(reference(place, entry));
      JsonNode others = entry.size() > 3 ? entry.get(3) : emptyObject();
      for (Map.Entry<String, JsonNode> other : others.properties()) {
        oldArgument(place, other.getKey(), other.getValue(), inputs, constants);
      }
    }
    return new LayerCall(inputs, constants);
  }

  private void oldArgument(
      String place,
      String name,
      JsonNode value,
      List<TensorRef> inputs,
      Map<String, JsonNode> constants) {
    boolean tensor =
        value.isArray()
            && value.size() == 3
            && value.path(0).isString()
            && value.path(1).isInt()
            && value.path(2).isInt();
    if (tensor) {
      inputs.add(reference(place, value));
    } else if (!value.isNull()) {
      constants.put(name, value);
    }
  }

  /** The tensors of {@code input_layers} or {@code output_layers}: one, or a list of them. */
  private List<TensorRef> ends(LayerConfig config, String name) {
    JsonNode json = config.get(name).orElseThrow(() -> config.malformed("has no " + name));
    if (json.isObject()) {
      throw new UnsupportedLayer(name + " given by name", name + " given as a list");
    }
    boolean alone = json.isArray() && json.size() > 0 && json.path(0).isString();
    List<TensorRef> found = new ArrayList<>();
    for (JsonNode entry : alone ? List.of(json) : json) {
      found.add(reference(name, entry));
    }
    if (found.isEmpty()) {
      throw config.malformed("has no " + name);
    }
    return found;
  }

  private TensorRef reference(String place, JsonNode json) {
    boolean whole =
        json.isArray()
            && json.size() >= 3
            && json.path(0).isString()
            && json.path(1).isInt()
            && json.path(2).isInt();
    if (!whole) {
      throw file.malformed(place, "names a tensor by " + LayerConfig.shown(json));
    }
    return new TensorRef(json.path(0).asString(), json.path(1).asInt(), json.path(2).asInt());
  }
}
