package dev.thimble.cli;

import dev.thimble.report.Json;
import dev.thimble.report.VerifyReport;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.toolchain.Verification;
import dev.thimble.toolchain.Verifier;
import dev.thimble.toolchain.Workspace;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code verify}: proves that the generated C computes what the network computes. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Builds the generated C, runs it on the host or a simulated core, and compares every number",
      "of every tensor that it stores with the network as imported."
    })
final class VerifyCommand implements Callable<Integer> {
  private static final int DEFAULT_SEEDS = 5;

  @Option(
      names = "--target",
      paramLabel = "T",
      description = "Where to run; may be repeated (default: that of the board, or the host).")
  private List<String> targets = List.of();

  @Option(
      names = "--sanitize",
      description = "Let the address and undefined-behaviour sanitizers watch on the host.")
  private boolean sanitize;

  @Option(names = "--json", description = "Print the result as JSON to stdout.")
  private boolean json;

  @Mixin private ProgramSource source;
  @Mixin private Sampling sampling;

  @Override
  public Integer call() throws IOException {
    List<Target> where = source.targets(targets, Target.PORTABLE);
    try (Workspace scratch = Workspace.create()) {
      Verification result = new Verification(0, 0, List.of());
      for (List<Target> together : source.programs(where)) {
        result = result.and(verify(together, scratch));
      }
      if (json) {
        System.out.print(Json.write(report(result)));
      }
      print(result);
      return result.equal() ? ExitCode.DONE : ExitCode.CHECK_FAILED;
    }
  }

  /** Verifies one program on these targets. */
  private Verification verify(List<Target> where, Workspace scratch) throws IOException {
    ProgramSource.Opened program = source.open(where.getFirst(), scratch.folder());
    List<List<Tensor>> samples =
        sampling.read(program.compilation().model().inputs(), DEFAULT_SEEDS, source.quantizing());
    Verifier verifier =
        new Verifier(
            program.compilation().subject(program.folder()),
            samples,
            program.compilation().options().prefer().small(),
            sanitize);
    try (Progress progress = Progress.of("verifying", samples.size())) {
      return verifier.run(where, sample -> progress.step());
    }
  }

  private static VerifyReport report(Verification result) {
    return new VerifyReport(
        result.equal(),
        result.samples(),
        result.valuesCompared(),
        result.targets().stream()
            .map(t ->
                new VerifyReport.TargetResult(
                    t.target(),
                    t.vectorBits(),
                    t.difference().isEmpty(),
                    t.difference()
                        .map(d ->
                            new VerifyReport.Difference(
                                d.sample(), d.node(), d.index(), d.expected(), d.got()))
                        .orElse(null)))
            .toList());
  }

  private static void print(Verification result) {
    for (Verification.OnTarget target : result.targets()) {
      System.err.println(
          target
              .difference()
              .map(d ->
                  name(target)
                      + ": DIFFERS in sample "
                      + d.sample()
                      + " at '"
                      + d.node()
                      + "', element "
                      + d.index()
                      + ": expected "
                      + d.expected()
                      + ", got "
                      + d.got())
              .orElse(name(target) + ": equal"));
    }
    System.err.println(summary(result));
  }

  /** How much was compared; a target stops at its first difference, so then there is no count. */
  static String summary(Verification result) {
    String samples = result.samples() + (result.samples() == 1 ? " sample" : " samples");
    return result.equal()
        ? samples
            + ", "
            + ByteSize.grouped(result.valuesCompared())
            + " tensors compared, number by number"
        : samples + "; each target stops at its first difference";
  }

  private static String name(Verification.OnTarget target) {
    List<String> bits = target.vectorBits().stream().map(String::valueOf).toList();
    return target.target() + (bits.isEmpty() ? "" : ", VLEN " + String.join(", ", bits));
  }
}
