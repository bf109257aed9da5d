package dev.thimble.graph;

import dev.thimble.tensor.Tensor;

/**
 * Memory that lasts from one run of a graph to the next: what an LSTM's cells hold, or the frames
 * that a streaming convolution has seen.
 *
 * @param current what the memory holds when a run begins; a value that nodes read like an input
 * @param next what it holds when the run ends, and so when the next one begins
 * @param initial what it holds at first, and again after a reset
 */
public record State(Value current, Value next, Tensor initial) {
  public State {
    if (!next.type().equals(current.type()) || !initial.type().equals(current.type())) {
      throw new GraphException(
          "state '"
              + current.name()
              + "' is "
              + current.type()
              + ": it begins as "
              + initial.type()
              + " and becomes "
              + next.type());
    }
  }
}
