/**
 * Other runtimes on the host, beside the generated C: what they compute and how long they take.
 * Only benchmarks and tests use them.
 */
@NullMarked
package dev.thimble.peers;

import org.jspecify.annotations.NullMarked;
