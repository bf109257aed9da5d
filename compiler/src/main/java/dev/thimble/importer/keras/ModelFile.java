package dev.thimble.importer.keras;

import dev.thimble.importer.ModelException;

/**
 * A file as messages name it.
 *
 * @param keras3 whether Keras 3 or later wrote it, where some functions mean something else
 */
record ModelFile(String name, boolean keras3) {
  private static final String REMEDY =
      "the file is damaged or was not written by Keras: save the model again";

  /** The error of a file whose content is wrong at one place. */
  ModelException malformed(String place, String what) {
    return ModelException.at(name, place, what, REMEDY);
  }
}
