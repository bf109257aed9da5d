/**
 * Model files to programs, one package per format. It may import {@code graph} and what that
 * imports; with {@code toolchain} it is the only room that reads files.
 */
@NullMarked
package dev.thimble.importer;

import org.jspecify.annotations.NullMarked;
