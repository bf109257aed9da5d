/**
 * Calibration and quantisation rules, graph to graph. It may import {@code graph} and what that
 * imports.
 */
@NullMarked
package dev.thimble.quant;

import org.jspecify.annotations.NullMarked;
