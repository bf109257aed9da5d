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
import java.util.OptionalInt;

/** Compares what a program wrote on one target, sample by sample, up to the first difference. */
final class TargetComparison implements AutoCloseable {
  // What stands in a value's place where the program, or what it wrote, is at fault as a whole.
  private static final String PROGRAM = "(the program)";
  private static final String TRACE = "(the trace)";

  private final String target;
  private final List<Integer> vectorBits;
  private final Subject subject;
  private final Optional<TraceReader> trace;
  private final Map<String, Value> referenceValues = new HashMap<>();
  private Optional<Verification.Difference> difference = Optional.empty();
  private long valuesCompared;

  TargetComparison(
      String target, OptionalInt vectorBits, Subject subject, Path traceFile, Command.Result result)
      throws IOException {
    this.target = target;
    this.vectorBits = vectorBits.stream().boxed().toList();
    this.subject = subject;
    this.trace =
        Files.exists(traceFile) ? Optional.of(new TraceReader(traceFile)) : Optional.empty();
    subject
        .reference()
        .nodes()
        .forEach(node -> node.outputs().forEach(v -> referenceValues.put(v.name(), v)));
    if (result.exitCode() != 0) {
      differs(0, PROGRAM, 0, "exit code 0", reason(result));
    } else if (trace.isEmpty()) {
      differs(0, TRACE, 0, "all values", "no file");
    }
  }

  long valuesCompared() {
    return valuesCompared;
  }

  Verification.OnTarget result() {
    return new Verification.OnTarget(target, vectorBits, difference);
  }

  /** Compares the next sample; {@code expected} has the reference network's values for it. */
  void compare(int sample, Map<Value, Tensor> expected) throws IOException {
    if (difference.isPresent() || trace.isEmpty()) {
      return;
    }
    try {
      compare(sample, expected, trace.get());
    } catch (EOFException e) {
      differs(sample, TRACE, 0, "all values", "an early end");
    }
  }

  private void compare(int sample, Map<Value, Tensor> expected, TraceReader reader)
      throws IOException {
    List<CProgram.Traced> traced = subject.program().traced();
    List<Value> outputs = subject.reference().outputs();
    long[] seen = new long[traced.size()];
    boolean[] written = new boolean[outputs.size()];
    TraceReader.Entry entry = reader.next();
    while (entry.kind() != TraceReader.Kind.RETURN_CODE) {
      boolean value = entry.kind() == TraceReader.Kind.VALUE;
      if (entry.index() >= (value ? seen.length : written.length)) {
        differs(sample, TRACE, 0, "a number of a value", "number " + entry.index());
      } else if (value) {
        seen[entry.index()] += entry.bytes().length;
        value(sample, traced.get(entry.index()).value(), entry, expected);
      } else {
        written[entry.index()] = true;
        output(sample, outputs.get(entry.index()), entry, expected);
      }
      if (difference.isPresent()) {
        return;
      }
      entry = reader.next();
    }
    int code = ByteBuffer.wrap(entry.bytes()).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (code != 0) {
      differs(sample, PROGRAM, 0, "return code 0", "return code " + code);
    }
    complete(sample, traced, seen);
    for (int i = 0; i < written.length && difference.isEmpty(); i++) {
      if (!written[i]) {
        differs(sample, outputs.get(i).name(), 0, "an output", "nothing");
      }
    }
  }

  private void value(
      int sample, Value stored, TraceReader.Entry entry, Map<Value, Tensor> expected) {
    Origin origin = subject.graph().origin(stored);
    Value source = referenceValues.get(origin.source());
    if (!fits(stored, entry)) {
      differs(sample, stored.name(), 0, stored.type().bytes() + " bytes", place(entry));
    } else if (source != null) {
      // A value that a rewrite made anew has nothing to be compared with; what reads it has.
      Tensor tensor = Objects.requireNonNull(expected.get(source));
      check(sample, new Expectation(source.name(), stored.type(), tensor, origin), entry);
    }
  }

  private void output(
      int sample, Value output, TraceReader.Entry entry, Map<Value, Tensor> expected) {
    if (entry.offset() != 0 || entry.bytes().length != output.type().bytes()) {
      differs(sample, output.name(), 0, output.type().bytes() + " bytes", place(entry));
      return;
    }
    Tensor tensor = Objects.requireNonNull(expected.get(output));
    Origin origin = new Origin(output.name(), List.of());
    check(sample, new Expectation(output.name(), output.type(), tensor, origin), entry);
    valuesCompared++;
  }

  /** Whether what was reported is a whole number of the value's elements. */
  private static boolean fits(Value value, TraceReader.Entry entry) {
    int each = value.type().dtype().bytes();
    int length = entry.bytes().length;
    return entry.offset() >= 0
        && entry.offset() % each == 0
        && length % each == 0
        && (long) entry.offset() + length <= value.type().bytes();
  }

  private static String place(TraceReader.Entry entry) {
    return entry.bytes().length + " bytes from byte " + entry.offset() + " on";
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
          case Command.TIMED_OUT -> "a program that was stopped";
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
