package dev.thimble.kernel;

import java.util.List;
import java.util.OptionalLong;

/**
 * How one node runs in C: a function of a kernel file, its form, and the initialisers of its
 * parameter structure.
 *
 * @param source the kernel file, relative to the resources' {@code kernels/} folder
 * @param function the C function; its parameter structure is {@code <function>_params}
 * @param form how the function is called
 * @param operands the node's inputs that the function reads at run time, by index; the others are
 *     packed into the parameters
 * @param parameters the structure's fields, in its order
 * @param scratchBytes bytes of working memory, aligned to 4, that a call needs in the arena
 * @param inPlace whether the output may occupy the first operand's memory. A tile kernel that says
 *     so stores each element after all that it reads at that address or below, so its output may
 *     also begin before the operand; of another kernel both must begin at the same address
 * @param alignment what the addresses of all operands, of all outputs and of their rows are
 *     multiples of; of the elements' size at least
 * @param cycles an estimate of the core's cycles for the whole node, where the kernel's own
 *     instruction set has one
 */
public record Kernel(
    String source,
    String function,
    Form form,
    List<Integer> operands,
    List<Parameter> parameters,
    int scratchBytes,
    boolean inPlace,
    int alignment,
    OptionalLong cycles) {
  /** What {@link #scratchBytes} is aligned to. */
  public static final int SCRATCH_ALIGNMENT = 4;

  /** The most that a kernel can ask for: the alignment of the widest element. */
  public static final int MAX_ALIGNMENT = 8;

  public Kernel {
    operands = List.copyOf(operands);
    parameters = List.copyOf(parameters);
    if (alignment < 1 || alignment > MAX_ALIGNMENT) {
      throw new IllegalArgumentException("an alignment of " + alignment);
    }
  }

  /** A kernel whose cycles nothing is said of. */
  public Kernel(
      String source,
      String function,
      Form form,
      List<Integer> operands,
      List<Parameter> parameters,
      int scratchBytes,
      boolean inPlace,
      int alignment) {
    this(
        source,
        function,
        form,
        operands,
        parameters,
        scratchBytes,
        inPlace,
        alignment,
        OptionalLong.empty());
  }

  /** A kernel that takes its elements wherever elements may lie. */
  public Kernel(
      String source,
      String function,
      Form form,
      List<Integer> operands,
      List<Parameter> parameters,
      int scratchBytes,
      boolean inPlace) {
    this(source, function, form, operands, parameters, scratchBytes, inPlace, 1);
  }

  /** This kernel with an estimate of its cycles. */
  public Kernel withCycles(long estimate) {
    return new Kernel(
        source,
        function,
        form,
        operands,
        parameters,
        scratchBytes,
        inPlace,
        alignment,
        OptionalLong.of(estimate));
  }

  /** Whether the kernel is in C that any core runs: its file's name ends so. */
  public boolean isPortable() {
    return source.endsWith("_portable.c");
  }

  /** The bytes of all constant tables with this role. */
  public long tableBytes(Parameter.Role role) {
    return parameters.stream()
        .filter(p -> p instanceof Parameter.Table t && t.role() == role)
        .mapToLong(p -> ((Parameter.Table) p).bytes())
        .sum();
  }
}
