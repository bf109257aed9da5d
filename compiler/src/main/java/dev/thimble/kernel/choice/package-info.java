/** Which of a target's kernels serves a node. */
@NullMarked
package dev.thimble.kernel.choice;

import org.jspecify.annotations.NullMarked;
