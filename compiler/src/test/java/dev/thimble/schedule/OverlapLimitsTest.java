package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.KernelCase;
import dev.thimble.kernel.KernelProgram;
import dev.thimble.kernel.KernelSweep;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.MemoryPlan.Place;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.Requires;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every tile kernel of the sweep with its output inside an operand: as deep as {@link Overlap}
 * allows, the compiled kernel still computes what it does in separate memory.
 */
class OverlapLimitsTest {
  /** A call, which operand dies in it, and how near the output may begin. */
  private record Nearness(KernelCase test, int operand, long limit, Step.Single step) {
    Value value() {
      return step.nodes().getFirst().inputs().get(test.kernel().operands().get(operand));
    }

    Value output() {
      return step.outputs().getFirst();
    }

    /** What both addresses are multiples of. */
    int unit() {
      return Math.max(value().type().dtype().bytes(), output().type().dtype().bytes());
    }

    long deepest() {
      return Math.floorDiv(limit, unit()) * unit();
    }
  }

  @Test
  void outputsAtTheirLimitAreRight(@TempDir Path folder) throws IOException {
    Path gcc = Requires.command("gcc");
    KernelProgram program = new KernelProgram();
    SplittableRandom random = new SplittableRandom(1);
    List<Nearness> all = all();
    for (Nearness each : all) {
      long output = each.output().type().bytes();
      long[] distances =
          LongStream.of(
                  each.deepest(),
                  each.deepest() - each.unit(),
                  each.deepest() - random.nextLong(output))
              .map(distance -> Math.floorDiv(distance, each.unit()) * each.unit())
              .filter(distance -> -output <= distance)
              .filter(distance -> distance <= each.value().type().bytes())
              .distinct()
              .toArray();
      program.addOverlap(each.test(), each.operand(), distances);
    }
    assertThat(all).hasSizeGreaterThan(400);
    program.run(List.of(gcc.toString(), "-std=c99"), Rounding.DOUBLE, folder);
  }

  /** Where windows skip the end of a map, the limit may be a little too careful. */
  @Test
  void theValidatorAllowsTheLimitAndNothingBehindIt() {
    int tight = 0;
    List<Nearness> all = all();
    for (Nearness each : all) {
      assertThat(Plans.isRefused(plan(each, each.deepest()))).as("%s", each).isFalse();
      long next = each.deepest() + each.unit();
      boolean apart = next >= each.value().type().bytes();
      tight += apart || Plans.isRefused(plan(each, next)) ? 1 : 0;
    }
    assertThat(tight).isGreaterThan(all.size() * 9 / 10);
  }

  private static List<Nearness> all() {
    List<Nearness> all = new ArrayList<>();
    KernelSweep.all()
        .forEach(test -> {
          if (test.kernel().form() instanceof Form.Tile) {
            Step.Single step = step(test);
            for (int i = 0; i < test.kernel().operands().size(); i++) {
              Value operand = step.nodes().getFirst().inputs().get(test.kernel().operands().get(i));
              int index = i;
              Overlap.room(step, operand)
                  .ifPresent(room -> {
                    if (room instanceof Overlap.Room.Behind behind) {
                      all.add(new Nearness(test, index, behind.limit(), step));
                    }
                  });
            }
          }
        });
    return all;
  }

  private static Step.Single step(KernelCase test) {
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < test.inputs().size(); i++) {
      inputs.add(new Value("input_" + i, test.inputs().get(i).type()));
    }
    Value output = new Value("output", test.expected().type());
    return new Step.Whole(new Node(test.op(), inputs, output), test.kernel());
  }

  /** The call alone, its output so far behind the operand's start and all else elsewhere. */
  private static MemoryPlan plan(Nearness each, long distance) {
    Node node = each.step().nodes().getFirst();
    Map<Value, Tensor> constants = new LinkedHashMap<>();
    List<Value> inputs = new ArrayList<>();
    Map<Value, Place> places = new HashMap<>();
    long start = (each.output().type().bytes() + 15) / 16 * 16;
    long end = start + each.value().type().bytes() + start;
    for (int i = 0; i < node.inputs().size(); i++) {
      Value input = node.inputs().get(i);
      if (each.test().kernel().operands().contains(i)) {
        inputs.add(input);
        end = (end + 15) / 16 * 16;
        places.put(input, new Place.Whole(input.equals(each.value()) ? start : end));
        end += input.type().bytes();
      } else {
        constants.put(input, each.test().inputs().get(i));
      }
    }
    places.put(each.output(), new Place.Whole(start + distance));
    end = (end + 15) / 16 * 16;
    Graph graph =
        new Graph("net", inputs, constants, List.of(node), List.of(each.output()), Map.of());
    long arena = end + each.test().kernel().scratchBytes();
    return new MemoryPlan(
        Strategy.OVERLAP,
        new Schedule(graph, List.of(each.step())),
        List.of(),
        places,
        Map.of(node, end),
        OptionalLong.empty(),
        arena,
        arena,
        "none");
  }
}
