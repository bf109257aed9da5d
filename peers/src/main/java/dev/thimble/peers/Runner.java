package dev.thimble.peers;

import java.util.List;

/** A network that is loaded and ready to run on the host, on one thread. */
public interface Runner extends AutoCloseable {
  /** What runs the network. */
  String name();

  /** Gives the inputs' bytes, little-endian, in the runtime's layout of them. */
  void inputs(List<byte[]> inputs);

  /** One inference. */
  void run();

  /** The outputs' bytes, little-endian. */
  List<byte[]> outputs();

  @Override
  void close();
}
