package dev.thimble.codegen;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.schedule.MemoryPlan;

/** Where values and scratch lie, as C expressions: in the arena, or in a constant table. */
record Places(MemoryPlan plan, Tables tables, ArenaMemory memory, WeightImage image) {
  /** The offset of a value that lies whole in the arena; 0 for a constant. */
  long offset(Value value) {
    return graph().isConstant(value) ? 0 : plan.offset(value);
  }

  /** The offset of a call's scratch memory; 0 where it needs none. */
  long scratchOffset(KernelCall call) {
    return plan.scratch().getOrDefault(call.nodes().getFirst(), 0L);
  }

  /** The symbol of a constant, or {@code NULL} for what lies in the arena. */
  String constant(Value value) {
    return graph().constant(value).map(tables::symbol).orElse("NULL");
  }

  /** The address of a value as a pointer to {@code const} elements of this C type. */
  String address(String type, Value value) {
    return graph()
        .constant(value)
        .map(tensor -> "(const " + type + " *)" + tables.symbol(tensor))
        .orElseGet(() -> inArena(offset(value)));
  }

  /** The address of a byte of the arena. */
  String inArena(long offset) {
    return memory.address(offset);
  }

  private Graph graph() {
    return plan.schedule().graph();
  }
}
