/**
 * PyTorch models that {@code torch.export} wrote. A graph of ATen operators is told in the words of
 * ONNX, whose importer knows how maps get their channels last; what PyTorch says otherwise, such as
 * omitted defaults, strides of views and arithmetic in place, is settled here.
 */
@NullMarked
package dev.thimble.importer.pytorch;

import org.jspecify.annotations.NullMarked;
