package dev.thimble.toolchain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One inference on a simulated core. Instructions, loads and stores are counted exactly; cycles
 * come from a model of the core's timing without wait states.
 *
 * @param vectorBits the length of the vector registers, where it is not the target that says it
 * @param functions the counts of each node function of the program, by its number
 * @param cyclesBasis what the cycles come from; where there is no model of the core they are 0
 * @param stackBytes the deepest use of the stack below {@code NAME_run}'s caller
 * @param codeBytes code and constants of the ELF beyond the weights: those of the program and of
 *     the library functions that it calls
 */
public record Profile(
    String target,
    OptionalInt vectorBits,
    Counts total,
    Optional<String> cyclesBasis,
    long stackBytes,
    long codeBytes,
    Map<Integer, Counts> functions,
    List<Region> regions) {
  public Profile {
    functions = Map.copyOf(functions);
    regions = List.copyOf(regions);
  }

  /**
   * Executed instructions, estimated cycles, and accesses to memory.
   *
   * @param elements the elements that RISC-V vector instructions work on, as if each worked on all
   *     that its operands hold, which is the most it can be; 0 on other cores
   */
  public record Counts(
      long instructions, long cycles, long loads, long stores, long unaligned, long elements) {}

  /** Accesses to one memory region. */
  public record Region(String name, long loads, long stores, long loadBytes, long storeBytes) {}
}
