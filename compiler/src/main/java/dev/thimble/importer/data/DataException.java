package dev.thimble.importer.data;

import java.nio.file.Path;

/**
 * Data that cannot be read or does not fit a model; the message names the file and what would fit.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DataException(Path file, String what) {
    super(file + ": " + what);
  }

  DataException(String what) {
    super(what);
  }
}
