package dev.thimble;

import dev.thimble.codegen.BuildSettings;
import dev.thimble.codegen.CName;
import dev.thimble.codegen.CProgram;
import dev.thimble.codegen.CodeGenerator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.graph.GraphPrinter;
import dev.thimble.importer.ImportedModel;
import dev.thimble.rewrite.Classify;
import dev.thimble.rewrite.GraphOutputs;
import dev.thimble.rewrite.RewriteOptions;
import dev.thimble.rewrite.RewriteResult;
import dev.thimble.rewrite.Rewriter;
import dev.thimble.rewrite.Threshold;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.PlanPrinter;

/** The whole pipeline, from an imported network to the text of a C program. It touches no files. */
public final class Compiler {
  private Compiler() {}

  /**
   * Compiles a network.
   *
   * @throws dev.thimble.graph.GraphException when the network is not well formed
   * @throws dev.thimble.kernel.KernelException when nodes have no kernel; the message lists all
   * @throws IllegalArgumentException when an option does not fit the network
   * @throws BudgetException when the program does not fit the memory that the options allow
   */
  public static Compilation compile(
      ImportedModel model, CompileOptions options, Stage.Listener listener) {
    CName name = options.name().map(CName::new).orElseGet(() -> CName.of(model.program().name()));
    Graph imported = GraphChecker.check(model.program().entry());
    listener.done(Stage.IMPORT, () -> GraphPrinter.print(imported));

    Graph reference = reference(model, options);
    listener.done(Stage.DECIDE, () -> GraphPrinter.print(reference));

    RewriteResult rewritten = Rewriter.run(reference, RewriteOptions.of(options.rounding()));
    Graph graph = GraphChecker.check(GraphOutputs.materialise(rewritten.graph()));
    listener.done(Stage.REWRITE, () -> GraphPrinter.print(graph));

    KernelTrials.Trial trial = KernelTrials.run(graph, options);
    MemoryPlan plan = trial.chosen();
    listener.done(Stage.SCHEDULE, () -> PlanPrinter.print(plan));

    CProgram program =
        CodeGenerator.generate(
            plan,
            name,
            options.rounding(),
            model.program().name() + " (" + model.format() + ")",
            new BuildSettings(options.target(), options.prefer().small(), options.profile()));
    listener.done(Stage.CODEGEN, () -> String.join("\n", program.files().values()));
    Compilation compilation =
        new Compilation(
            model,
            options,
            imported,
            reference,
            plan.schedule().graph(),
            rewritten.counts(),
            BoardMemory.alike(trial.plans(), plan),
            plan,
            program);
    Budget.requireFlash(compilation);
    return compilation;
  }

  /**
   * The network as imported, with the decision that the options ask for: what {@code run} evaluates
   * and every program is compared with. Throws as {@link #compile} does up to that stage.
   */
  public static Graph reference(ImportedModel model, CompileOptions options) {
    Graph imported = GraphChecker.check(model.program().entry());
    return GraphChecker.check(decide(imported, options));
  }

  private static Graph decide(Graph imported, CompileOptions options) {
    CompileOptions.Decision decision = options.decision();
    if (decision.classify()) {
      return Classify.apply(imported);
    }
    return decision.threshold().isPresent()
        ? Threshold.apply(imported, decision.threshold().getAsDouble(), options.rounding())
        : imported;
  }
}
