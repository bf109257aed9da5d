/**
 * The compiler: reads a trained network, plans its memory and writes it as C.
 *
 * <p>The packages form a pipeline in one direction; {@code RoomsTest} holds who may import whom.
 * Importers and their libraries stay inside this module: nothing of them shows in an exported
 * signature.
 */
module dev.thimble.compiler {
  requires static transitive org.jspecify;
  requires flatbuffers.java;
  requires tensorflow.lite.metadata;
  requires tools.jackson.databind;
}
