package dev.thimble;

import dev.thimble.graph.Node;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.choice.TargetKernels;
import dev.thimble.schedule.Preference;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which nodes may store their filters wider than they are, for speed: all, where speed is preferred
 * and it is known how much flash there is, until a program turns out not to fit.
 */
final class WideFilters {
  private final CompileOptions options;
  private final Optional<Limits.Limit> flash;
  private final Set<Node> narrow = new HashSet<>();

  private record Extra(Node node, long bytes) {}

  WideFilters(CompileOptions options) {
    this.options = options;
    this.flash =
        options.prefer() == Preference.SPEED ? options.limits().program() : Optional.empty();
  }

  boolean allows(Node node) {
    return flash.isPresent() && !narrow.contains(node);
  }

  /**
   * Whether a program of these kernels is too large for the flash with the filters as wide as they
   * are. The largest are not allowed to be any more then, as many as it takes.
   */
  boolean exceedFlash(Map<Node, Kernel> kernels) {
    long over = flash.map(limit -> bytes(kernels) - limit.bytes()).orElse(0L);
    List<Extra> extras = new ArrayList<>();
    kernels.forEach((node, kernel) -> extras.add(new Extra(node, extraBytes(node, kernel))));
    extras.removeIf(extra -> extra.bytes == 0);
    extras.sort(
        Comparator.comparingLong(Extra::bytes)
            .reversed()
            .thenComparing(extra -> extra.node.name()));
    boolean exceed = over > 0 && !extras.isEmpty();
    for (Extra extra : extras) {
      if (over > 0) {
        narrow.add(extra.node);
        over -= extra.bytes;
      }
    }
    return exceed;
  }

  /** What a kernel's filter takes beyond its elements. */
  private static long extraBytes(Node node, Kernel kernel) {
    if (kernel.isPortable() || node.inputs().size() < 2) {
      return 0;
    }
    TensorType filter = node.inputs().get(1).type();
    long plain = (long) filter.elements() * filter.dtype().bytes();
    return TargetKernels.isWide(kernel, plain)
        ? kernel.tableBytes(Parameter.Role.FILTER) - plain
        : 0;
  }

  private long bytes(Map<Node, Kernel> kernels) {
    long tables =
        kernels.values().stream()
            .flatMap(kernel -> Stream.of(Parameter.Role.values()).map(kernel::tableBytes))
            .mapToLong(Long::longValue)
            .sum();
    return tables + CodeEstimate.bytes(kernels.values(), options);
  }
}
