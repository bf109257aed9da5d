package dev.thimble.codegen;

import dev.thimble.graph.State;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import java.util.ArrayList;
import java.util.List;

/** Writes the statements that give every state of a network its initial content. */
final class StateContents {
  private final List<String> statements = new ArrayList<>();

  /** The statements for a plan; contents that no byte repeats are added to its tables. */
  StateContents(Places places) {
    for (State state : places.plan().schedule().graph().states()) {
      long offset = places.offset(state.current());
      String address = places.memory().ofApi(offset);
      long bytes = state.current().type().bytes();
      Tensor initial = state.initial();
      int fill = repeated(initial);
      statements.add(
          fill >= 0
              ? "memset(" + address + ", " + fill + ", " + bytes + ");"
              : "memcpy(" + address + ", " + places.tables().symbol(initial) + ", " + bytes + ");");
    }
  }

  void write(CWriter c) {
    statements.forEach(c::line);
  }

  /** The byte that all elements consist of; -1 if there is none. */
  private static int repeated(Tensor tensor) {
    byte[] bytes = TensorBytes.of(tensor);
    for (byte each : bytes) {
      if (each != bytes[0]) {
        return -1;
      }
    }
    return bytes[0] & 0xFF;
  }
}
