/** The command line: options in, figures and files out. It may import the whole compiler. */
@NullMarked
package dev.thimble.cli;

import org.jspecify.annotations.NullMarked;
