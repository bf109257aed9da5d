package dev.thimble.importer.keras;

import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The weights of an {@code .h5} model: a group for each layer of the outermost model, whose
 * attribute {@code weight_names} lists paths below it. The last part of a path, without its {@code
 * :0}, is the array's role; Keras 1 put the layer's name and an abbreviation there. Only layers
 * within nested models are sought by the other parts: those of a top-level layer may bear the name
 * that it had in another session.
 */
final class LegacyWeights implements Weights {
  private static final String GROUP = "model_weights";

  /** Attributes hold at most 64 KiB; longer lists are cut into numbered ones. */
  private static final int MAX_CHUNKS = 1000;

  private final ModelFile file;
  private final Hdf5 hdf5;
  private final Map<String, List<String>> names = new HashMap<>();

  LegacyWeights(ModelFile file, Hdf5 hdf5) {
    this.file = file;
    this.hdf5 = hdf5;
  }

  @Override
  public Optional<Tensor> find(LayerPath layer, String role, int position) {
    String group = group(layer);
    List<String> candidates = candidates(group, layer, role);
    if (candidates.size() > 1) {
      throw file.malformed(
          "HDF5 group " + group, "has several weights '" + role + "' for layer " + layer.text());
    }
    return candidates.stream().findFirst().map(path -> hdf5.floats(group + "/" + path));
  }

  @Override
  public boolean has(LayerPath layer, String role, int position) {
    return !candidates(group(layer), layer, role).isEmpty();
  }

  private String group(LayerPath layer) {
    String top = layer.names().getFirst();
    return hdf5.isGroup(GROUP) ? GROUP + "/" + top : top;
  }

  private List<String> candidates(String group, LayerPath layer, String role) {
    return names.computeIfAbsent(group, this::names).stream()
        .filter(path -> matches(path, layer, role))
        .toList();
  }

  private List<String> names(String group) {
    List<String> found = new ArrayList<>(hdf5.texts(group, "weight_names"));
    for (int chunk = 0; chunk < MAX_CHUNKS; chunk++) {
      List<String> more = hdf5.texts(group, "weight_names" + chunk);
      if (more.isEmpty()) {
        break;
      }
      found.addAll(more);
    }
    return found;
  }

  private static boolean matches(String path, LayerPath layer, String role) {
    List<String> parts = List.of(path.split("/"));
    if (parts.isEmpty() || !isRole(parts.getLast(), role)) {
      return false;
    }
    List<String> above = parts.subList(0, parts.size() - 1);
    boolean inner = layer.names().size() == 1 || above.contains(layer.names().getLast());
    return inner
        && (layer.part().isEmpty()
            || above.stream().anyMatch(part -> part.startsWith(layer.part())));
  }

  /** Whether {@code leaf} is a role's name: {@code kernel:0}, or {@code dense_1_W:0} in Keras 1. */
  private static boolean isRole(String leaf, String role) {
    int colon = leaf.indexOf(':');
    String name = colon < 0 ? leaf : leaf.substring(0, colon);
    return name.equals(role) || (role.startsWith("_") && name.endsWith(role));
  }
}
