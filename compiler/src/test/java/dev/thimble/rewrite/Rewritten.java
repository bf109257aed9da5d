package dev.thimble.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Origin;
import dev.thimble.graph.Session;
import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.RandomGraphs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares a graph with what rewrites made of it, on random inputs. */
final class Rewritten {
  /** How far floats may part where rules of real numbers applied, of the largest magnitude. */
  private static final double ROUNDING = 1e-5;

  private Rewritten() {}

  /**
   * Fails unless every value of {@code after} that {@code before} has, by name or by origin, is the
   * same in both, bit for bit, and so are the outputs.
   */
  static void assertExact(Graph before, Graph after, Rounding rounding, int samples) {
    assertSame(before, after, rounding, samples, true);
  }

  /** As {@link #assertExact}, but where not {@code exact}, floats may differ by their rounding. */
  static void assertSame(Graph before, Graph after, Rounding rounding, int samples, boolean exact) {
    assertThat(after.inputs()).isEqualTo(before.inputs());
    Session beforeRuns = new Session(before, rounding);
    Session afterRuns = new Session(after, rounding);
    for (int sample = 1; sample <= samples; sample++) {
      List<Tensor> inputs = RandomGraphs.inputs(before, sample);
      Map<String, Tensor> expected = new HashMap<>();
      evaluate(before, inputs, beforeRuns).forEach((v, data) -> expected.put(v.name(), data));
      Map<Value, Tensor> got = evaluate(after, inputs, afterRuns);
      got.forEach((value, data) -> compare(after, value, data, expected, exact));
      for (int i = 0; i < before.outputs().size(); i++) {
        Tensor output = got.get(after.outputs().get(i));
        assertSame(output, expected.get(before.outputs().get(i).name()), "output " + i, exact);
      }
    }
  }

  private static void compare(
      Graph graph, Value value, Tensor data, Map<String, Tensor> expected, boolean exact) {
    Origin origin = graph.origin(value);
    Tensor source = expected.get(origin.source());
    if (source == null) {
      return;
    }
    Tensor part =
        origin.channels().isEmpty()
            ? source
            : source.select(source.shape().rank() - 1, origin.channels());
    assertSame(data, part, value.name(), exact);
  }

  private static void assertSame(Tensor got, Tensor expected, String name, boolean exact) {
    assertThat(got.type()).as("type of " + name).isEqualTo(expected.type());
    if (got.type().isFloat() && !exact) {
      assertClose(got.floats(), expected.floats(), name);
    } else if (got.type().isFloat()) {
      assertThat(bits(got)).as(name).isEqualTo(bits(expected));
    } else {
      assertThat(got.longs()).as(name).isEqualTo(expected.longs());
    }
  }

  private static void assertClose(float[] got, float[] expected, String name) {
    double largest = 0;
    for (float value : expected) {
      largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
    }
    for (int i = 0; i < expected.length; i++) {
      boolean close =
          Float.compare(got[i], expected[i]) == 0
              || Math.abs((double) got[i] - expected[i]) <= ROUNDING * largest;
      assertThat(close).as(name + "[" + i + "] " + got[i] + " for " + expected[i]).isTrue();
    }
  }

  private static int[] bits(Tensor tensor) {
    int[] bits = new int[tensor.floats().length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(tensor.floats()[i]);
    }
    return bits;
  }

  private static Map<Value, Tensor> evaluate(Graph graph, List<Tensor> inputs, Session session) {
    Map<Value, Tensor> named = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      named.put(graph.inputs().get(i), inputs.get(i));
    }
    return session.values(named);
  }
}
