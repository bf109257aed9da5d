/** TFLite flatbuffers to programs. It may import what {@code importer} may import. */
@NullMarked
package dev.thimble.importer.tflite;

import org.jspecify.annotations.NullMarked;
