package dev.thimble.kernel.choice;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.InstructionSet;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelLibrary;
import dev.thimble.kernel.KernelLimits;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.PackedFilter;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.kernel.Upright;
import dev.thimble.op.Reshape;
import dev.thimble.target.Target;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The kernels of a target: of those that its instruction set has for a node, the fastest within the
 * limits, and portable C where it has none.
 */
public final class TargetKernels implements KernelLibrary {
  /** A filter may be this many percent of its portable form before it counts as wide. */
  private static final long NARROW_PERCENT = 110;

  /** The same of a filter of few bits, whose vectors are filled up. */
  private static final long PACKED_PERCENT = 125;

  /** And so many bytes more, which the last vector of a filter may span beyond it. */
  private static final long NARROW_EXCESS = 16;

  /** A fused kernel may take this many percent of the cycles of the two that it stands for. */
  private static final long SLOWER_PERCENT = 120;

  private final PortableKernels portable = new PortableKernels();
  private final InstructionSet instructions;
  private final KernelLimits limits;

  public TargetKernels(Target target, KernelLimits limits) {
    this(InstructionSets.of(target), limits);
  }

  TargetKernels(InstructionSet instructions, KernelLimits limits) {
    this.instructions = instructions;
    this.limits = limits;
  }

  @Override
  public Kernel select(KernelRequest request) {
    Kernel plain = portable.select(request);
    return fastest(instructions.candidates(request), plain, narrow(request)).orElse(plain);
  }

  @Override
  public Optional<Kernel> fuse(KernelRequest convolution, KernelRequest pooling) {
    Optional<Kernel> plain = portable.fuse(convolution, pooling);
    if (plain.isEmpty()) {
      return plain;
    }
    Optional<Kernel> fused =
        fastest(instructions.fused(convolution, pooling), plain.get(), NARROW_PERCENT);
    boolean slower =
        fused
            .map(k -> isSlower(k, convolution, pooling))
            .orElseGet(() -> !select(convolution).isPortable());
    return slower && !limits.portableFusion() ? Optional.empty() : fused.or(() -> plain);
  }

  /** Whether a fused kernel is notably slower than the two by themselves. */
  private boolean isSlower(Kernel fused, KernelRequest convolution, KernelRequest pooling) {
    OptionalLong first = select(convolution).cycles();
    OptionalLong second = select(pooling).cycles();
    return fused.cycles().isPresent()
        && first.isPresent()
        && second.isPresent()
        && fused.cycles().getAsLong() * 100
            > (first.getAsLong() + second.getAsLong()) * SLOWER_PERCENT;
  }

  @Override
  public Optional<Kernel> byRows(KernelRequest request) {
    if (request.op() instanceof Reshape) {
      return portable.byRows(request);
    }
    Optional<KernelRequest> upright = Upright.of(request);
    if (upright.isPresent()) {
      return upright.map(this::selectByRows);
    }
    Kernel whole = select(request);
    Kernel byRows = selectByRows(request);
    return whole.equals(byRows) ? Optional.empty() : Optional.of(byRows);
  }

  /** The fastest kernel that takes rows, where there are kernels that do. */
  private Kernel selectByRows(KernelRequest request) {
    Kernel plain = portable.select(request);
    List<Candidate> candidates =
        instructions.candidates(request).stream()
            .filter(candidate -> isWhole(plain) || !isWhole(candidate.kernel()))
            .toList();
    return fastest(candidates, plain, narrow(request)).orElse(plain);
  }

  private static boolean isWhole(Kernel kernel) {
    return kernel.form() instanceof Form.Whole;
  }

  @Override
  public Optional<Kernel> byRows(KernelRequest convolution, KernelRequest pooling) {
    Optional<KernelRequest> first = Upright.of(convolution);
    Optional<KernelRequest> second = Upright.of(pooling);
    return first.isPresent() && second.isPresent()
        ? fuse(first.get(), second.get())
        : Optional.empty();
  }

  private static long narrow(KernelRequest request) {
    return PackedFilter.bits(request) < Byte.SIZE ? PACKED_PERCENT : NARROW_PERCENT;
  }

  private Optional<Kernel> fastest(List<Candidate> candidates, Kernel plain, long percent) {
    // What portable C needs anyway, as accumulators, cannot be saved by falling back to it.
    int scratch = Math.max(limits.scratchBytes(), plain.scratchBytes());
    return candidates.stream()
        .filter(candidate -> candidate.kernel().scratchBytes() <= scratch)
        .filter(candidate ->
            limits.wideFilters() || !isWide(candidate.kernel(), filterBytes(plain), percent))
        .min(Comparator.comparingLong(Candidate::cycles))
        .map(candidate -> candidate.kernel().withCycles(candidate.cycles()));
  }

  private static long filterBytes(Kernel kernel) {
    return kernel.tableBytes(Parameter.Role.FILTER);
  }

  /** Whether a kernel stores a filter of so many bytes in notably more. */
  public static boolean isWide(Kernel kernel, long plainBytes) {
    return isWide(kernel, plainBytes, NARROW_PERCENT);
  }

  private static boolean isWide(Kernel kernel, long plainBytes, long percent) {
    return (filterBytes(kernel) - NARROW_EXCESS) * 100 > plainBytes * percent;
  }
}
