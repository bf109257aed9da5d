package dev.thimble.importer.pytorch.archive;

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

  Weights(
      Source source,
      Map<String, Supplier<StoredTensor>> state,
      Map<String, Supplier<StoredTensor>> constants) {
    this.source = source;
    this.state = state;
    this.constants = constants;
  }

  /** A parameter or a persistent buffer. */
  public Optional<ExportedTensor> state(String name) {
    return read(name, state.get(name));
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
