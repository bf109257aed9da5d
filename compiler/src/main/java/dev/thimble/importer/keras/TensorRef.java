package dev.thimble.importer.keras;

/** An output of one application of a layer, as configurations refer to it. */
record TensorRef(String layer, int call, int output) {}
