package dev.thimble.codegen;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.schedule.MemoryPlan;

/** Where values and scratch lie, as C expressions: in the arena, or in a constant table. */
record Places(MemoryPlan plan, Tables tables) {
  /** The value's offset in the arena; 0 for a constant. */
  long offset(Value value) {
    return graph().isConstant(value) ? 0 : plan.place(value).orElseThrow().offset();
  }

  /** The offset of a step's scratch memory; 0 where it needs none. */
  long scratchOffset(int step) {
    MemoryPlan.Placed scratch = plan.scratch().get(step);
    return scratch == null ? 0 : scratch.offset();
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
  static String inArena(long offset) {
    return offset == 0 ? "arena" : "arena + " + offset;
  }

  private Graph graph() {
    return plan.schedule().graph();
  }
}
