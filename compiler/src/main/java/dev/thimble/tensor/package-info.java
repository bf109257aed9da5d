/**
 * Data and its types: element types, shapes, quantisation parameters, tensors. It imports no other
 * room.
 */
@NullMarked
package dev.thimble.tensor;

import org.jspecify.annotations.NullMarked;
