package dev.thimble.importer.pytorch.archive;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tensors beside an archive's graph, by the names that the model gave them. Each is read when
 * it is asked for, so tensors that the graph does not use cost nothing.
 */
public final class Weights {
  private final Source source;
  private final Map<String, Supplier<StoredTensor>> state;
  private final Map<String, Supplier<StoredTensor>> constants;
  private final Map<String, ExportedTensor> supplied;

  Weights(
      Source source,
      Map<String, Supplier<StoredTensor>> state,
      Map<String, Supplier<StoredTensor>> constants) {
    this(source, state, constants, Map.of());
  }

  private Weights(
      Source source,
      Map<String, Supplier<StoredTensor>> state,
      Map<String, Supplier<StoredTensor>> constants,
      Map<String, ExportedTensor> supplied) {
    this.source = source;
    this.state = state;
    this.constants = constants;
    this.supplied = supplied;
  }

  /** These weights with others in the place of parameters and persistent buffers. */
  public Weights with(Map<String, ExportedTensor> others) {
    return new Weights(source, state, constants, Map.copyOf(others));
  }

  /** The archive's own parameters and persistent buffers. */
  Map<String, StoredTensor> states() {
    Map<String, StoredTensor> states = new LinkedHashMap<>();
    state.forEach((name, stored) -> states.put(name, stored.get()));
    return states;
  }

  /** Whether the archive has a parameter or persistent buffer of this name. */
  public boolean hasState(String name) {
    return state.containsKey(name);
  }

  /** A parameter or a persistent buffer. */
  public Optional<ExportedTensor> state(String name) {
    ExportedTensor other = supplied.get(name);
    return other == null ? read(name, state.get(name)) : Optional.of(other);
  }

  /** A constant, or a buffer that is not persistent. */
  public Optional<ExportedTensor> constant(String name) {
    return read(name, constants.get(name));
  }

  private Optional<ExportedTensor> read(String name, @Nullable Supplier<StoredTensor> stored) {
    return stored == null
        ? Optional.empty()
        : Optional.of(stored.get().read(source, "weights of " + Source.quoted(name)));
  }
}
