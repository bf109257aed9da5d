package dev.thimble.importer.pytorch.archive;

/** An input of the exported graph: the network's own data are inputs of it too. */
public sealed interface ExportedInput {
  /** The value in the graph. */
  String value();

  /** What is given at run time. */
  record User(String value) implements ExportedInput {}

  /** A parameter or persistent buffer, under its name in the model's state dict. */
  record State(String value, String name) implements ExportedInput {}

  /** A constant, or a buffer that is not persistent, under its name in the model. */
  record Constant(String value, String name) implements ExportedInput {}

  /** A number or text that was given when the model was exported. */
  record Fixed(String value, Argument argument) implements ExportedInput {}

  /** What Thimble has nothing for, such as a custom object; by its name in the file. */
  record Unsupported(String value, String form) implements ExportedInput {}
}
