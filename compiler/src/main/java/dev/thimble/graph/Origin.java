package dev.thimble.graph;

import java.util.List;

/**
 * What a value was in the network as imported: the value {@code source}, or only the entries {@code
 * channels} of its last axis. A value without an origin of its own is the imported value of its own
 * name, if there is one.
 */
public record Origin(String source, List<Integer> channels) {
  public Origin {
    channels = List.copyOf(channels);
  }

  /** This origin for a value that keeps only these of the present channels. */
  public Origin select(List<Integer> kept) {
    return new Origin(
        source, channels.isEmpty() ? kept : kept.stream().map(channels::get).toList());
  }
}
