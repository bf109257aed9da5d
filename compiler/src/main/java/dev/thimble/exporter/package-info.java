/** Programs back to files: the only code that writes other frameworks' formats. */
@NullMarked
package dev.thimble.exporter;

import org.jspecify.annotations.NullMarked;
