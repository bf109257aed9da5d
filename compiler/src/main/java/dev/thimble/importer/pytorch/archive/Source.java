package dev.thimble.importer.pytorch.archive;

import dev.thimble.importer.ModelException;

/**
 * The file that is read, and how much memory what it unpacks to may still take. Archives are not to
 * be trusted: a small one can claim to hold gigabytes.
 */
public final class Source {
  private static final int MAX_NAME = 120;
  private static final long SLACK_BYTES = 64L << 20;
  private static final String REMEDY =
      "the file is damaged or no torch.export archive: export the model again";

  private final String file;
  private final String remedy;
  private long left;

  /** A file of this size, which {@code file} names in messages. */
  public Source(String file, long bytes) {
    this(file, bytes, REMEDY);
  }

  /** A file of this size; {@code remedy} is what to do where it is malformed. */
  Source(String file, long bytes, String remedy) {
    this.file = file;
    this.remedy = remedy;
    this.left = SLACK_BYTES + 8 * bytes;
  }

  public String file() {
    return file;
  }

  /** The error that the file is malformed at this place. */
  public ModelException malformed(String place, String what) {
    return ModelException.at(file, place, what, remedy);
  }

  /** The error that the file holds at this place what is not supported. */
  public ModelException unsupported(String place, String what, String remedy) {
    return ModelException.at(file, place, what, remedy);
  }

  /** Counts bytes that are about to be allocated; refuses once they are out of proportion. */
  void take(String place, long bytes) {
    left -= bytes;
    if (bytes < 0 || left < 0) {
      throw malformed(
          place, "with all that is read before, unpacks to far more bytes than the file has");
    }
  }

  /** A name from the file, shortened and without control characters, fit for a message's line. */
  public static String quoted(String name) {
    String line = name.replaceAll("\\p{Cntrl}", "?");
    return "'" + (line.length() > MAX_NAME ? line.substring(0, MAX_NAME - 3) + "..." : line) + "'";
  }
}
