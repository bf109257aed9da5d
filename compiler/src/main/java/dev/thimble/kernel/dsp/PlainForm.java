package dev.thimble.kernel.dsp;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelException;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.PortableKernels;
import java.util.List;
import java.util.Optional;

/** Kernels that are called as those in portable C are, and keep their promises. */
final class PlainForm {
  private static final String PORTABLE = "_portable.c";

  private PlainForm() {}

  /** The kernel in portable C, where there is one. */
  static Optional<Kernel> portable(KernelRequest request) {
    try {
      return Optional.of(new PortableKernels().select(request));
    } catch (KernelException e) {
      return Optional.empty();
    }
  }

  /** A kernel with the parameters of the one in portable C: {@code relu/relu_s8_dsp.c}. */
  static Candidate of(Kernel plain, long cycles) {
    String source = plain.source().substring(0, plain.source().length() - PORTABLE.length());
    return of(plain, source + "_dsp.c", plain.function() + "_dsp", plain.parameters(), cycles);
  }

  /** A kernel with parameters of its own. */
  static Candidate of(
      Kernel plain, String source, String function, List<Parameter> parameters, long cycles) {
    Kernel kernel =
        new Kernel(
            source,
            function,
            plain.form(),
            plain.operands(),
            parameters,
            plain.scratchBytes(),
            plain.inPlace());
    return new Candidate(kernel, cycles);
  }
}
