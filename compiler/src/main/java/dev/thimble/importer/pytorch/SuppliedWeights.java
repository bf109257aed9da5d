package dev.thimble.importer.pytorch;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.thimble.importer.ModelException;
import dev.thimble.importer.pytorch.archive.ElementKind;
import dev.thimble.importer.pytorch.archive.ExportedInput;
import dev.thimble.importer.pytorch.archive.ExportedProgram;
import dev.thimble.importer.pytorch.archive.ExportedTensor;
import dev.thimble.importer.pytorch.archive.Source;
import dev.thimble.importer.pytorch.archive.StateDict;
import dev.thimble.importer.pytorch.archive.TensorMeta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Weights of a file of their own, which take the place of a model's weights of the same names. They
 * must be all of them, and of the same types and shapes.
 */
public final class SuppliedWeights {
  /** How often batch normalisation was trained: inference reads it not, and files leave it out. */
  private static final String COUNTER = "num_batches_tracked";

  private static final String REMEDY =
      "give the weights of this very model: torch.save(model.state_dict(), \"weights.pth\")";

  private final String file;
  private final Map<String, ExportedTensor> tensors;

  private SuppliedWeights(String file, Map<String, ExportedTensor> tensors) {
    this.file = file;
    this.tensors = tensors;
  }

  /**
   * The weights in these bytes: a state dict that {@code torch.save} wrote, or safetensors.
   *
   * @throws ModelException when the bytes are malformed, or more than tensors
   */
  public static SuppliedWeights read(String file, byte[] bytes) {
    return new SuppliedWeights(file, StateDict.read(file, bytes));
  }

  /** The model with these weights. */
  ExportedProgram into(ExportedProgram program) {
    Map<String, String> wanted = new LinkedHashMap<>();
    for (ExportedInput input : program.inputs()) {
      if (input instanceof ExportedInput.State(String value, String name)) {
        TensorMeta meta = program.metas().get(value);
        wanted.put(name, meta == null ? "nothing" : meta.describe());
      }
    }
    List<String> findings = findings(wanted);
    for (String name : new TreeSet<>(tensors.keySet())) {
      if (!wanted.containsKey(name) && !program.weights().hasState(name) && !isCounter(name)) {
        findings.add(unknown(name));
      }
    }
    refuse(findings);
    return program.with(program.weights().with(tensors));
  }

  /**
   * The model with these weights in the place of initializers.
   *
   * @throws ModelException when they are not those that the model wants, with all differences
   */
  public ModelProto into(ModelProto model) {
    GraphProto.Builder graph = model.getGraph().toBuilder();
    Map<String, String> wanted = new LinkedHashMap<>();
    for (TensorProto tensor : graph.getInitializerList()) {
      if (isWeight(tensor) || tensors.containsKey(tensor.getName())) {
        wanted.put(tensor.getName(), describe(tensor));
      }
    }
    List<String> findings = findings(wanted);
    for (String name : new TreeSet<>(tensors.keySet())) {
      if (!wanted.containsKey(name) && !isCounter(name)) {
        findings.add(unknown(name));
      }
    }
    refuse(findings);
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      ExportedTensor tensor = tensors.get(graph.getInitializer(i).getName());
      if (tensor != null) {
        graph.setInitializer(i, Constants.exported(graph.getInitializer(i).getName(), tensor));
      }
    }
    return model.toBuilder().setGraph(graph).build();
  }

  /** Floats of one axis or more; single numbers and integers belong to the graph. */
  private static boolean isWeight(TensorProto tensor) {
    Optional<ElementKind> kind = Constants.kind(tensor.getDataType());
    return kind.isPresent() && kind.get().isFloat() && tensor.getDimsCount() > 0;
  }

  private static String describe(TensorProto tensor) {
    String kind =
        Constants.kind(tensor.getDataType())
            .map(ElementKind::text)
            .orElse("element type " + tensor.getDataType());
    return kind + tensor.getDimsList();
  }

  private static boolean isCounter(String name) {
    return name.equals(COUNTER) || name.endsWith("." + COUNTER);
  }

  /** What is wrong with each weight that the model wants. */
  private List<String> findings(Map<String, String> wanted) {
    List<String> findings = new ArrayList<>();
    wanted.forEach((name, type) -> {
      ExportedTensor tensor = tensors.get(name);
      if (tensor == null && !isCounter(name)) {
        findings.add(weight(name) + "found nothing; the model has " + type);
      } else if (tensor != null && !tensor.describe().equals(type)) {
        findings.add(weight(name) + "found " + tensor.describe() + "; the model has " + type);
      }
    });
    return findings;
  }

  private String unknown(String name) {
    ExportedTensor tensor = tensors.get(name);
    String found = tensor == null ? "nothing" : tensor.describe();
    return weight(name) + "found " + found + "; the model has no weight of this name";
  }

  private static String weight(String name) {
    return "weight " + Source.quoted(name) + ": ";
  }

  private void refuse(List<String> findings) {
    if (!findings.isEmpty()) {
      throw ModelException.unsupported(
          file,
          ModelException.counted(findings.size(), "finding") + " among the weights",
          findings,
          REMEDY);
    }
  }
}
