package dev.thimble.toolchain;

import dev.thimble.codegen.CProgram;
import dev.thimble.graph.Graph;
import dev.thimble.op.Rounding;
import java.nio.file.Path;
import java.util.List;

/**
 * A generated program, and what it should compute.
 *
 * @param folder where the program's files lie
 * @param graph the graph that the program computes
 * @param reference the network before any rewrite
 */
public record Subject(
    Path folder, CProgram program, Graph graph, Graph reference, Rounding rounding) {
  /** The C files, relative to the folder. */
  public List<String> sources() {
    return List.of(program.name() + ".c", program.name() + "_weights.c");
  }
}
