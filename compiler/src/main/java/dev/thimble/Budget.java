package dev.thimble;

import dev.thimble.codegen.CodeGenerator;
import dev.thimble.graph.Value;
import dev.thimble.report.CompileReport;
import dev.thimble.schedule.ArenaUse;
import dev.thimble.schedule.Buffer;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.PlanChoice;
import dev.thimble.schedule.Step;
import dev.thimble.schedule.WeightCopies;
import dev.thimble.schedule.WeightCopy;
import dev.thimble.schedule.offsets.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Takes the plan that the options ask for, and holds programs to the memory that they allow. */
final class Budget {
  /** How many buffers or nodes a message names: the first are what is worth changing. */
  private static final int NAMED = 5;

  private static final int LONGEST_NAME = 70;

  private Budget() {}

  /**
   * The plan that the options ask for; or, where that is too large and they leave the strategy
   * open, the smallest of all. Throws {@link BudgetException} when no plan fits that may be taken.
   */
  static MemoryPlan choose(List<MemoryPlan> plans, CompileOptions options) {
    BoardMemory memory = new BoardMemory(options);
    boolean copied = memory.copiesWeights(plans.getFirst().schedule());
    List<WeightCopies> ways =
        copied
            ? List.of(WeightCopies.AHEAD, WeightCopies.JUST_IN_TIME)
            : List.of(WeightCopies.NONE);
    List<MemoryPlan> last = plans;
    for (WeightCopies way : ways) {
      last = plans.stream().map(plan -> BoardMemory.copying(plan, way)).toList();
      Optional<MemoryPlan> found = fitting(last, options, memory, way);
      if (found.isPresent()) {
        return found.get();
      }
    }
    MemoryPlan plan = options.memory().isEmpty() ? smallest(last) : preferred(last, options);
    throw new BudgetException(overRam(plan, last, limit(options), options));
  }

  /**
   * The plan that the options ask for, where it fits one memory; else the smallest, where that
   * does; else, in the memories of a board, that which they ask for, or the smallest, or any.
   */
  private static Optional<MemoryPlan> fitting(
      List<MemoryPlan> plans, CompileOptions options, BoardMemory memory, WeightCopies copies) {
    MemoryPlan plan = preferred(plans, options);
    Limits.Limit limit = limit(options);
    if (plan.arenaBytes() <= limit.bytes()) {
      return Optional.of(memory.named(plan));
    }
    List<MemoryPlan> tried = new ArrayList<>(List.of(plan));
    if (options.memory().isEmpty()) {
      if (smallest(plans).arenaBytes() <= limit.bytes()) {
        return Optional.of(memory.named(smallest(plans)));
      }
      tried.add(smallest(plans));
      tried.addAll(plans.reversed());
    }
    return memory.spread(tried, copies);
  }

  private static MemoryPlan preferred(List<MemoryPlan> plans, CompileOptions options) {
    return options
        .memory()
        .map(strategy -> PlanChoice.choose(plans, strategy))
        .orElseGet(() -> PlanChoice.choose(plans, options.prefer()));
  }

  static MemoryPlan smallest(List<MemoryPlan> plans) {
    return plans.stream().min(Comparator.comparingLong(MemoryPlan::arenaBytes)).orElseThrow();
  }

  /**
   * Holds a program to the flash that the options allow. Throws {@link BudgetException} when its
   * constants and an estimate of its code are more.
   */
  static void requireFlash(Compilation compilation) {
    long image = compilation.plan().copies().stream().mapToLong(WeightCopy::bytes).sum();
    long unmapped = new BoardMemory(compilation.options()).unmappedFlashBytes();
    if (image > unmapped) {
      throw new BudgetException(
          "the weights that are copied to RAM are "
              + image
              + " bytes, and the board has "
              + unmapped
              + " of flash that answers to commands only");
    }
    Optional<Limits.Limit> limit = compilation.options().limits().program();
    if (limit.isEmpty()) {
      return;
    }
    List<CompileReport.NodeRow> nodes = CompileReports.nodes(compilation);
    long constants = Math.max(0, compilation.program().sizes().weights() - image);
    long code = CodeEstimate.bytes(compilation.plan().schedule(), compilation.options());
    if (constants + code > limit.get().bytes()) {
      throw new BudgetException(overFlash(constants, code, nodes, limit.get()));
    }
  }

  private static Limits.Limit limit(CompileOptions options) {
    Limits.Limit addressed =
        new Limits.Limit(
            CodeGenerator.MAX_ARENA_BYTES,
            "generated programs address at most " + CodeGenerator.MAX_ARENA_BYTES);
    return options
        .limits()
        .arena()
        .filter(limit -> limit.bytes() <= addressed.bytes())
        .orElse(addressed);
  }

  private static String overRam(
      MemoryPlan plan, List<MemoryPlan> plans, Limits.Limit limit, CompileOptions options) {
    return "the arena needs "
        + plan.arenaBytes()
        + " bytes with strategy "
        + plan.strategy().text()
        + ", "
        + limit.words()
        + ": "
        + (plan.arenaBytes() - limit.bytes())
        + " are missing"
        + new BoardMemory(options).words()
        + (plan.copies().isEmpty()
            ? ""
            : "\n  this is with the weights of a step at a time, which are copied to RAM whole:"
                + " the flash that the core reads by address does not hold them")
        + "\n  "
        + peak(plan)
        + "\n  the strategies need "
        + plans.stream()
            .map(p -> p.strategy().text() + " " + p.arenaBytes())
            .collect(Collectors.joining(", "))
        + "\n  "
        + remedy(plans, limit, options);
  }

  private static String peak(MemoryPlan plan) {
    ArenaUse use = ArenaUse.of(plan);
    int peak = use.peakStep();
    List<Step> steps = plan.schedule().steps();
    String when =
        peak < 0
            ? "before the first step"
            : peak >= steps.size()
                ? "after the last step"
                : "in step " + peak + " (" + quoted(ArenaPictures.label(steps.get(peak))) + ")";
    List<Map.Entry<String, Long>> held =
        bytesAt(plan, use.peakTick()).entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .toList();
    return "most is in use "
        + when
        + ":"
        + held.stream()
            .limit(NAMED)
            .map(entry -> line(entry.getValue(), quoted(entry.getKey())))
            .collect(Collectors.joining())
        + (held.size() > NAMED ? "\n    and " + (held.size() - NAMED) + " more" : "");
  }

  /** The bytes in use at a tick by value, rows of one together, in the order of first use. */
  private static Map<String, Long> bytesAt(MemoryPlan plan, int tick) {
    Map<String, Long> bytes = new LinkedHashMap<>();
    for (Buffer buffer : plan.planned()) {
      String name = buffer.value().map(Value::name).orElse(buffer.name());
      for (Part part : buffer.block().parts()) {
        if (part.first() <= tick && tick <= part.last()) {
          bytes.merge(name, part.bytes(), Long::sum);
        }
      }
    }
    return bytes;
  }

  private static String line(long bytes, String what) {
    return String.format(Locale.ROOT, "\n%12d  %s", bytes, what);
  }

  /** A name, shortened in its middle: converters join the names of all that they fuse. */
  private static String quoted(String name) {
    boolean fits = name.length() <= LONGEST_NAME;
    return "'"
        + (fits ? name : name.substring(0, 50) + "..." + name.substring(name.length() - 15))
        + "'";
  }

  private static String remedy(List<MemoryPlan> plans, Limits.Limit limit, CompileOptions options) {
    Optional<MemoryPlan> fitting =
        plans.stream().filter(plan -> plan.arenaBytes() <= limit.bytes()).findFirst();
    if (fitting.isPresent()) {
      return "--memory "
          + fitting.get().strategy().text()
          + " fits; without --memory, Thimble looks for one that does";
    }
    String more =
        options.limits().board().isPresent() ? "take a board with more RAM" : "allow more RAM";
    String feed =
        options.feedRows() ? "" : "try --feed rows, which keeps the input out of the arena; ";
    return "none fits; " + feed + more + ", or a network with smaller values at that step";
  }

  private static String overFlash(
      long constants, long code, List<CompileReport.NodeRow> nodes, Limits.Limit limit) {
    List<CompileReport.NodeRow> largest =
        nodes.stream()
            .filter(node -> node.weightsBytes() > 0)
            .sorted(Comparator.comparingLong(CompileReport.NodeRow::weightsBytes).reversed())
            .limit(NAMED)
            .toList();
    return "the program needs "
        + (constants + code)
        + " bytes of flash, "
        + constants
        + " of constants and about "
        + code
        + " of code, "
        + limit.words()
        + ": "
        + (constants + code - limit.bytes())
        + " are missing\n  the largest constants:"
        + largest.stream()
            .map(node -> line(node.weightsBytes(), quoted(node.name()) + " (" + node.op() + ")"))
            .collect(Collectors.joining())
        + "\n  the code is an estimate from the number of kernels and nodes; profile measures it";
  }
}
