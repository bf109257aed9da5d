package dev.thimble.kernel;

import java.util.List;

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
 */
public record Kernel(
    String source,
    String function,
    Form form,
    List<Integer> operands,
    List<Parameter> parameters,
    int scratchBytes,
    boolean inPlace) {
  public Kernel {
    operands = List.copyOf(operands);
    parameters = List.copyOf(parameters);
  }

  /** The bytes of all constant tables with this role. */
  public long tableBytes(Parameter.Role role) {
    return parameters.stream()
        .filter(p -> p instanceof Parameter.Table t && t.role() == role)
        .mapToLong(p -> ((Parameter.Table) p).bytes())
        .sum();
  }
}
