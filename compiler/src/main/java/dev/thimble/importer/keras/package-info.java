/** Keras: HDF5 files ({@code .h5}) of Keras 1 to 3, and {@code .keras} archives of Keras 3. */
@NullMarked
package dev.thimble.importer.keras;

import org.jspecify.annotations.NullMarked;
