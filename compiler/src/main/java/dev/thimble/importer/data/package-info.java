/**
 * The data that users give to models: samples from files, labels, and generated samples. It may
 * import what {@code importer} may import.
 */
@NullMarked
package dev.thimble.importer.data;

import org.jspecify.annotations.NullMarked;
