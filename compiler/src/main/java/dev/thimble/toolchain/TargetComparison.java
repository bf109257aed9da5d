package dev.thimble.toolchain;

import dev.thimble.codegen.CProgram;
import dev.thimble.graph.Origin;
import dev.thimble.graph.Value;
import dev.thimble.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Compares what a program wrote on one target, sample by sample, up to the first difference. */
final class TargetComparison implements AutoCloseable {
  private final String target;
  private final Subject subject;
  private final Optional<TraceReader> trace;
  private final Map<String, Value> referenceValues = new HashMap<>();
  private Optional<Verification.Difference> difference = Optional.empty();
  private long valuesCompared;

  TargetComparison(String target, Subject subject, Path traceFile, Command.Result result)
      throws IOException {
    this.target = target;
    this.subject = subject;
    this.trace =
        Files.exists(traceFile) ? Optional.of(new TraceReader(traceFile)) : Optional.empty();
    subject
        .reference()
        .nodes()
        .forEach(node -> node.outputs().forEach(v -> referenceValues.put(v.name(), v)));
    if (result.exitCode() != 0) {
      difference =
          Optional.of(
              new Verification.Difference(0, "(the program)", 0, "exit code 0", reason(result)));
    }
  }

  long valuesCompared() {
    return valuesCompared;
  }

  Verification.OnTarget result() {
    return new Verification.OnTarget(target, difference);
  }

  /** Compares the next sample; {@code expected} has the reference network's values for it. */
  void compare(int sample, Map<Value, Tensor> expected) throws IOException {
    if (difference.isPresent() || trace.isEmpty()) {
      return;
    }
    try {
      compare(sample, expected, trace.get());
    } catch (EOFException e) {
      differs(sample, "(the trace)", 0, "all values", "an early end");
    }
  }

  private void compare(int sample, Map<Value, Tensor> expected, TraceReader reader)
      throws IOException {
    List<CProgram.Traced> traced = subject.program().traced();
    long[] seen = new long[traced.size()];
    TraceReader.Entry entry = reader.next();
    while (entry.kind() != TraceReader.Kind.RETURN_CODE && difference.isEmpty()) {
      if (entry.kind() == TraceReader.Kind.VALUE) {
        seen[entry.index()] += entry.bytes().length;
        value(sample, traced.get(entry.index()).value(), entry, expected);
      } else {
        Value output = subject.reference().outputs().get(entry.index());
        check(
            sample,
            new Expectation(
                output.name(),
                output.type(),
                Objects.requireNonNull(expected.get(output)),
                new Origin(output.name(), List.of())),
            entry);
        valuesCompared++;
      }
      entry = difference.isEmpty() ? reader.next() : entry;
    }
    if (difference.isEmpty()) {
      int code = ByteBuffer.wrap(entry.bytes()).order(ByteOrder.LITTLE_ENDIAN).getInt();
      if (code != 0) {
        differs(sample, "(the program)", 0, "return code 0", "return code " + code);
      }
      complete(sample, traced, seen);
    }
  }

  private void value(
      int sample, Value stored, TraceReader.Entry entry, Map<Value, Tensor> expected) {
    Origin origin = subject.graph().origin(stored);
    Value source = referenceValues.get(origin.source());
    // A value that a rewrite made anew has nothing to be compared with; what reads it has.
    if (source != null) {
      check(
          sample,
          new Expectation(
              source.name(), stored.type(), Objects.requireNonNull(expected.get(source)), origin),
          entry);
    }
  }

  private void check(int sample, Expectation expectation, TraceReader.Entry entry) {
    int first = entry.offset() / expectation.type().dtype().bytes();
    expectation
        .compare(first, entry.bytes())
        .ifPresent(d -> differs(sample, d.node(), d.index(), d.expected(), d.got()));
  }

  /** Every element must have been reported once, but for rows of streams that nobody reads. */
  private void complete(int sample, List<CProgram.Traced> traced, long[] seen) {
    for (int i = 0; i < seen.length && difference.isEmpty(); i++) {
      Value value = traced.get(i).value();
      long bytes = value.type().bytes();
      if (traced.get(i).whole() ? seen[i] != bytes : seen[i] == 0 || seen[i] > bytes) {
        differs(sample, value.name(), 0, bytes + " bytes", seen[i] + " bytes");
      }
      valuesCompared += referenceValues.containsKey(subject.graph().origin(value).source()) ? 1 : 0;
    }
  }

  private void differs(int sample, String node, int index, String expected, String got) {
    difference = Optional.of(new Verification.Difference(sample, node, index, expected, got));
  }

  private static String reason(Command.Result result) {
    String what =
        switch (result.exitCode()) {
          case 68 -> "a write before the arena";
          case 69 -> "a write after the arena";
          case 70 -> "a fault of the processor";
          default -> "exit code " + result.exitCode();
        };
    String output = result.output().strip();
    return output.isEmpty()
        ? what
        : what + ": " + output.substring(0, Math.min(2000, output.length()));
  }

  @Override
  public void close() throws IOException {
    if (trace.isPresent()) {
      trace.get().close();
    }
  }
}
