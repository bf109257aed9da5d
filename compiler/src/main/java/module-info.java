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
  requires com.google.protobuf;
  requires io.jhdf;
  requires java.desktop;
  requires org.tribuo.util.onnx;
  requires ortools.java;
  requires tensorflow.lite.metadata;
  requires transitive tools.jackson.databind;

  exports dev.thimble;
  exports dev.thimble.codegen;
  exports dev.thimble.exporter;
  exports dev.thimble.graph;
  exports dev.thimble.importer;
  exports dev.thimble.importer.data;
  exports dev.thimble.kernel;
  exports dev.thimble.kernel.choice;
  exports dev.thimble.kernel.cost;
  exports dev.thimble.op;
  exports dev.thimble.quant;
  exports dev.thimble.report;
  exports dev.thimble.report.picture;
  exports dev.thimble.rewrite;
  exports dev.thimble.schedule;
  exports dev.thimble.schedule.offsets;
  exports dev.thimble.schedule.order;
  exports dev.thimble.schedule.region;
  exports dev.thimble.target;
  exports dev.thimble.tensor;
  exports dev.thimble.toolchain;
}
