/** ONNX models to programs. It may import what {@code importer} may import. */
@NullMarked
package dev.thimble.importer.onnx;

import org.jspecify.annotations.NullMarked;
