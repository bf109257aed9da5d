package dev.thimble.importer.pytorch.archive;

/** An output of the exported graph. */
public sealed interface ExportedOutput {
  /** What the model returns. */
  record User(Argument argument) implements ExportedOutput {}

  /** What the model leaves in something of its own; {@code form} is the name in the file. */
  record Mutation(String form, String value, String name) implements ExportedOutput {}
}
