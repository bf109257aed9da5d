/** What the tests of all modules share; packed as the compiler's test jar. */
@NullMarked
package dev.thimble.testing;

import org.jspecify.annotations.NullMarked;
