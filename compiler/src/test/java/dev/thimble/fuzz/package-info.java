/**
 * Targets for the fuzzer Jazzer, one for each importer: whatever the bytes, a model or a {@code
 * ModelException}. CONTRIBUTING.md has the command.
 */
@NullMarked
package dev.thimble.fuzz;

import org.jspecify.annotations.NullMarked;
