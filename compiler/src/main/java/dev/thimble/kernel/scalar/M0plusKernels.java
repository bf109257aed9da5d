package dev.thimble.kernel.scalar;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.InstructionSet;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.PackedFilter;
import dev.thimble.op.Binary;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import java.util.List;

/** The int8 kernels for ARMv6-M: Cortex-M0 and Cortex-M0+. */
public final class M0plusKernels implements InstructionSet {
  @Override
  public List<Candidate> candidates(KernelRequest request) {
    // Filters of few bits are for portable C.
    if (request.output().isFloat() || PackedFilter.bits(request) < Byte.SIZE) {
      return List.of();
    }
    return switch (request.op()) {
      case Conv2d op when op.groups() == 1 ->
          M0plusProducts.candidates("conv2d", request, Products.of(op, request));
      case FullyConnected op ->
          M0plusProducts.candidates("fully_connected", request, Products.of(op, request));
      case DepthwiseConv2d op -> M0plusDepthwise.depthwise(op, request);
      case Binary op -> M0plusElementwise.candidates(op, request);
      default -> List.of();
    };
  }
}
