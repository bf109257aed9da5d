package dev.thimble;

import dev.thimble.codegen.CProgram;
import dev.thimble.graph.Graph;
import dev.thimble.importer.ImportedModel;
import dev.thimble.rewrite.RuleCount;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.toolchain.Subject;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything that a compilation found out, stage by stage.
 *
 * @param reference the network as imported, with the decision asked for in place of its final
 *     probabilities: what the generated program is compared with
 * @param graph what the program computes: the reference after all rewrites, with the copies by
 *     which states are stored
 * @param plans what each memory strategy would need; {@code plan} is the one that was taken
 */
public record Compilation(
    ImportedModel model,
    CompileOptions options,
    Graph imported,
    Graph reference,
    Graph graph,
    List<RuleCount> rewrites,
    List<MemoryPlan> plans,
    MemoryPlan plan,
    CProgram program) {
  public Compilation {
    rewrites = List.copyOf(rewrites);
    plans = List.copyOf(plans);
  }

  /** The program as something to verify or profile, once its files lie in a folder. */
  public Subject subject(Path folder) {
    return new Subject(folder.toAbsolutePath(), program, graph, reference, options.rounding());
  }

  /** How long an inference takes, by the models of the target and the board. */
  TimeEstimate time() {
    return TimeEstimate.of(plan.schedule(), options.target(), options.limits().board());
  }

  /** An estimate of the machine code in bytes; {@code profile} measures it. */
  public long codeEstimate() {
    return CodeEstimate.bytes(plan.schedule(), options);
  }
}
