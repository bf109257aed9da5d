/** What {@code thimble bench} measures, and the page that it writes. */
@NullMarked
package dev.thimble.cli.bench;

import org.jspecify.annotations.NullMarked;
