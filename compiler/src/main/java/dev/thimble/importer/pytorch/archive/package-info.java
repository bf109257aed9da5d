/**
 * Archives of {@code torch.export} ({@code .pt2}) as records, in the three layouts that PyTorch has
 * given them, with nothing known of how a network is lowered. Nothing in an archive is executed:
 * the pickles in it are read by a machine that knows tensors, containers and numbers only.
 */
@NullMarked
package dev.thimble.importer.pytorch.archive;

import org.jspecify.annotations.NullMarked;
