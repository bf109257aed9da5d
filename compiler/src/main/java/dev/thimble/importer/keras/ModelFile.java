package dev.thimble.importer.keras;

import dev.thimble.importer.ModelException;

/**
 * A file as messages name it.
 *
 * @param version the version of Keras that wrote it, 210 for 2.10; 0 where it is not known
 */
record ModelFile(String name, int version) {
  private static final String REMEDY =
      "the file is damaged or was not written by Keras: save the model again";

  /** Whether some functions have the meaning that Keras 3 gave them. */
  boolean keras3() {
    return version >= 300;
  }

  /** Whether images are resized as TensorFlow 2 does it, by the centers of pixels. */
  boolean resizesByCenters() {
    return version >= 204;
  }

  /** The error of a file whose content is wrong at one place. */
  ModelException malformed(String place, String what) {
    return ModelException.at(name, place, what, REMEDY);
  }
}
