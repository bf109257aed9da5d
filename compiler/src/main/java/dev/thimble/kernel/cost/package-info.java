/** What kernels cost in time: cycles by kind of work, fitted to measurements on simulated cores. */
@NullMarked
package dev.thimble.kernel.cost;

import org.jspecify.annotations.NullMarked;
