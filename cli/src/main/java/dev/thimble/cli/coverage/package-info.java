/** {@code coverage}: what becomes of every model in some folders. */
@NullMarked
package dev.thimble.cli.coverage;

import org.jspecify.annotations.NullMarked;
