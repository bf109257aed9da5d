package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Applies the layers of a model to its inputs, of nested models too. A layer that is not supported
 * becomes a finding; what reads its output is then left out without one.
 */
final class NetImport {
  private static final int MAX_DEPTH = 32;
  private static final String DTYPES = "float32, int32, int64, uint8, int8 and bool inputs";

  private final ModelFile file;
  private final NetReader reader;
  private final Weights weights;
  private final GraphBuilder builder;
  private final List<String> findings = new ArrayList<>();
  private int applications;

  NetImport(ModelFile file, NetReader reader, Weights weights, GraphBuilder builder) {
    this.file = file;
    this.reader = reader;
    this.weights = weights;
    this.builder = builder;
  }

  List<String> findings() {
    return findings;
  }

  /** How many layers were applied, whether or not they are supported. */
  int applications() {
    return applications;
  }

  /** The inputs of the outermost model, in its order. */
  List<KerasTensor> inputs(Net net) {
    List<KerasTensor> inputs = new ArrayList<>();
    if (net.sequential()) {
      LayerSpec first = net.first().orElseThrow(() -> net.config().malformed("has no layers"));
      boolean channelsFirst =
          net.layers().stream()
              .filter(layer -> !layer.isInput())
              .findFirst()
              .filter(NetImport::isChannelsFirst)
              .isPresent();
      inputs.add(input(inputName(first), inputConfig(net, first), channelsFirst));
      return inputs;
    }
    for (TensorRef end : net.inputs()) {
      LayerSpec layer = layer(net, end);
      boolean first =
          net.layers().stream()
              .filter(reader -> reads(reader, end))
              .anyMatch(reader -> isChannelsFirst(reader));
      inputs.add(input(layer.name(), layer.config(), first));
    }
    return inputs;
  }

  private static boolean reads(LayerSpec reader, TensorRef tensor) {
    return reader.calls().stream().anyMatch(call -> call.inputs().contains(tensor));
  }

  private static boolean isChannelsFirst(LayerSpec layer) {
    return layer
        .config()
        .get("data_format")
        .map(format -> format.asString(""))
        .orElse("")
        .equals("channels_first");
  }

  private static String inputName(LayerSpec first) {
    return first.isInput() ? first.name() : first.name() + "_input";
  }

  /** Whose attributes hold a sequential model's input shape: its first layer's, as a rule. */
  private LayerConfig inputConfig(Net net, LayerSpec first) {
    if (!first.isModel() || net.config().get("build_input_shape").isPresent()) {
      boolean own = first.config().get("batch_shape", "batch_input_shape").isPresent();
      return own || net.config().get("build_input_shape").isEmpty() ? first.config() : net.config();
    }
    Net inner = reader.nested(first);
    if (inner.sequential()) {
      LayerSpec innerFirst =
          inner.first().orElseThrow(() -> inner.config().malformed("has no layers"));
      return innerFirst.config();
    }
    return layer(inner, inner.inputs().getFirst()).config();
  }

  private KerasTensor input(String name, LayerConfig config, boolean channelsFirst) {
    JsonNode shape =
        config
            .get("batch_shape", "batch_input_shape", "build_input_shape")
            .orElseThrow(() -> config.malformed("states no input shape"));
    if (!shape.isArray() || shape.size() == 0 || shape.size() > 8) {
      throw config.wrong("input shape", shape);
    }
    int[] dims = new int[shape.size()];
    for (int axis = 0; axis < dims.length; axis++) {
      JsonNode extent = shape.get(axis);
      if (extent.isNull() && axis > 0) {
        throw new UnsupportedLayer(
            "input '" + name + "' of shape " + LayerConfig.shown(shape) + ", not wholly known",
            "inputs of fixed shape; save the model with all extents but the batch's fixed");
      }
      dims[axis] = extent.isNull() ? 1 : config.count("input shape", extent, 1);
    }
    Shape fixed;
    try {
      fixed = Shape.of(dims);
    } catch (IllegalArgumentException e) {
      throw config.wrong("input shape", shape);
    }
    List<Integer> order =
        channelsFirst && dims.length > 2
            ? KerasTensor.channelsLast(dims.length)
            : KerasTensor.identity(dims.length);
    Shape held = Shape.of(order.stream().mapToInt(fixed::dim).toArray());
    return new KerasTensor(builder.input(name, TensorType.of(dtype(config), held)), order);
  }

  private static DType dtype(LayerConfig config) {
    String name = Policy.ofInput(config);
    return switch (name) {
      case "float32" -> DType.FLOAT32;
      case "int32" -> DType.INT32;
      case "int64" -> DType.INT64;
      case "uint8" -> DType.UINT8;
      case "int8" -> DType.INT8;
      case "bool" -> DType.BOOL;
      default -> throw new UnsupportedLayer("an input of type " + name, DTYPES);
    };
  }

  private LayerSpec layer(Net net, TensorRef ref) {
    return net.layers().stream()
        .filter(layer -> layer.name().equals(ref.layer()))
        .findFirst()
        .orElseThrow(() -> net.config().malformed("names a layer '" + ref.layer() + "'"));
  }

  /** What the model makes of these inputs; an output of an unsupported layer is empty. */
  List<Optional<KerasTensor>> run(Net net, LayerPath path, List<KerasTensor> inputs) {
    if (path.names().size() > MAX_DEPTH) {
      throw net.config().malformed("nests models more than " + MAX_DEPTH + " deep");
    }
    return net.sequential() ? chain(net, path, inputs) : network(net, path, inputs);
  }

  private List<Optional<KerasTensor>> chain(Net net, LayerPath path, List<KerasTensor> inputs) {
    Map<String, String> folders = net.folders();
    List<Optional<KerasTensor>> at = inputs.stream().map(Optional::of).toList();
    for (LayerSpec layer : net.layers()) {
      if (!layer.isInput()) {
        LayerPath here = path.layer(layer.name(), folders.getOrDefault(layer.name(), ""));
        at = apply(layer, here, new LayerCall(List.of(), Map.of()), at);
      }
    }
    return at;
  }

  private List<Optional<KerasTensor>> network(Net net, LayerPath path, List<KerasTensor> inputs) {
    Map<TensorRef, Optional<KerasTensor>> known = new HashMap<>();
    if (inputs.size() != net.inputs().size()) {
      throw net.config()
          .malformed("takes " + net.inputs().size() + " inputs, is given " + inputs.size());
    }
    for (int i = 0; i < inputs.size(); i++) {
      known.put(net.inputs().get(i), Optional.of(inputs.get(i)));
    }
    Deque<Pending> ready = new ArrayDeque<>();
    Map<TensorRef, List<Pending>> waiting = new HashMap<>();
    Map<String, String> folders = net.folders();
    for (LayerSpec layer : net.layers()) {
      LayerPath here = path.layer(layer.name(), folders.getOrDefault(layer.name(), ""));
      for (int call = 0; call < layer.calls().size(); call++) {
        if (!layer.isInput() && !layer.calls().get(call).inputs().isEmpty()) {
          await(new Pending(layer, here, call), known, waiting, ready);
        }
      }
    }
    while (!ready.isEmpty()) {
      Pending next = ready.removeFirst();
      LayerCall call = next.layer().calls().get(next.call());
      List<Optional<KerasTensor>> given =
          call.inputs().stream().map(ref -> known.getOrDefault(ref, Optional.empty())).toList();
      List<Optional<KerasTensor>> made = apply(next.layer(), next.path(), call, given);
      for (int output = 0; output < made.size(); output++) {
        TensorRef ref = new TensorRef(next.layer().name(), next.call(), output);
        known.put(ref, made.get(output));
        for (Pending reader : waiting.getOrDefault(ref, List.of())) {
          await(reader, known, waiting, ready);
        }
      }
    }
    return net.outputs().stream().map(ref -> output(net, known, ref)).toList();
  }

  /** An application of a layer that waits for its inputs. */
  private record Pending(LayerSpec layer, LayerPath path, int call) {}

  private void await(
      Pending pending,
      Map<TensorRef, Optional<KerasTensor>> known,
      Map<TensorRef, List<Pending>> waiting,
      Deque<Pending> ready) {
    for (TensorRef input : pending.layer().calls().get(pending.call()).inputs()) {
      if (!known.containsKey(input)) {
        waiting.computeIfAbsent(input, ref -> new ArrayList<>()).add(pending);
        return;
      }
    }
    ready.addLast(pending);
  }

  private Optional<KerasTensor> output(
      Net net, Map<TensorRef, Optional<KerasTensor>> known, TensorRef ref) {
    Optional<KerasTensor> found = known.get(ref);
    if (found == null) {
      if (!findings.isEmpty()) {
        return Optional.empty();
      }
      throw net.config()
          .malformed(
              "has the output '" + ref.layer() + "', which nothing computes from its inputs");
    }
    return found;
  }

  /** Applies one layer; outputs are empty where an input is, or where it is not supported. */
  private List<Optional<KerasTensor>> apply(
      LayerSpec layer, LayerPath path, LayerCall call, List<Optional<KerasTensor>> given) {
    if (layer.isModel()) {
      if (given.stream().anyMatch(Optional::isEmpty)) {
        return List.of(Optional.empty());
      }
      Net inner = reader.nested(layer);
      return run(inner, path, given.stream().flatMap(Optional::stream).toList());
    }
    applications++;
    if (given.stream().anyMatch(Optional::isEmpty)) {
      LayerImport.unsupported(layer).ifPresent(why -> find(layer, why));
      return List.of(Optional.empty());
    }
    List<KerasTensor> inputs = given.stream().flatMap(Optional::stream).toList();
    try {
      return LayerImport.read(new Layer(layer, path, weights, builder, call, inputs)).stream()
          .map(Optional::of)
          .toList();
    } catch (UnsupportedLayer e) {
      find(layer, e.finding());
      return List.of(Optional.empty());
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw file.malformed(layer.config().place(), "has extents that make no sense");
    }
  }

  private void find(LayerSpec layer, String finding) {
    String line = layer.config().place() + ": " + finding;
    if (!findings.contains(line)) {
      findings.add(line);
    }
  }

  /** The values of outputs. */
  static List<Value> values(List<KerasTensor> tensors) {
    return tensors.stream().map(KerasTensor::value).toList();
  }
}
