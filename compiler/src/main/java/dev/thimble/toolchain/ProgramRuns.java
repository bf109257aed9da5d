package dev.thimble.toolchain;

import dev.thimble.graph.Value;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A generated program, built once, that runs on the host or a simulated core as often as it is
 * asked to. Only its outputs are looked at.
 */
public final class ProgramRuns implements AutoCloseable {
  private static final String MAIN = "verify_main.c";

  private final Subject subject;
  private final Machine machine;
  private final Workspace workspace;

  private ProgramRuns(Subject subject, Machine machine, Workspace workspace) {
    this.subject = subject;
    this.machine = machine;
    this.workspace = workspace;
  }

  /**
   * Builds the program for a target.
   *
   * @param small whether it is built for size, as {@code --prefer flash} has it
   * @throws ToolException when a tool is missing
   */
  public static ProgramRuns build(Subject subject, Target target, boolean small)
      throws IOException {
    Machine machine = Machine.of(target, false);
    Tool.requireAll(machine.tools());
    Workspace workspace = Workspace.create();
    Build.prepare(workspace, machine, subject, MAIN, List.of());
    machine.build(
        workspace.folder(),
        MAIN,
        Build.sources(subject),
        List.of(),
        small ? Machine.Optimization.SIZE : Machine.Optimization.SPEED);
    return new ProgramRuns(subject, machine, workspace);
  }

  /**
   * The outputs for these samples, of which there is at least one. Throws {@link ProgramException}
   * when the program fails.
   */
  public List<List<Tensor>> run(List<List<Tensor>> samples) throws IOException {
    Path folder = workspace.folder();
    Build.writeInputs(folder, samples);
    OptionalInt bits =
        machine.vectorBits().isEmpty()
            ? OptionalInt.empty()
            : OptionalInt.of(machine.vectorBits().getFirst());
    Command.Result result = machine.run(folder, bits);
    if (result.exitCode() != 0) {
      throw new ProgramException(
          "the program ended with code " + result.exitCode() + " " + result.output().strip());
    }
    List<List<Tensor>> outputs = new ArrayList<>();
    try (TraceReader reader = new TraceReader(folder.resolve("trace.bin"))) {
      for (int i = 0; i < samples.size(); i++) {
        outputs.add(outputs(reader));
      }
    } catch (EOFException e) {
      throw new ProgramException("the program ended before its last sample");
    }
    return outputs;
  }

  /** The outputs of the next sample, in the network's order. */
  private List<Tensor> outputs(TraceReader reader) throws IOException {
    List<Tensor> outputs = new ArrayList<>();
    TraceReader.Entry entry = reader.next();
    while (entry.kind() != TraceReader.Kind.RETURN_CODE) {
      if (entry.kind() == TraceReader.Kind.OUTPUT) {
        Value output = subject.reference().outputs().get(entry.index());
        outputs.add(TensorBytes.tensor(output.type(), entry.bytes()));
      }
      entry = reader.next();
    }
    int code = ByteBuffer.wrap(entry.bytes()).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (code != 0) {
      throw new ProgramException("the program returned " + code);
    }
    return outputs;
  }

  @Override
  public void close() throws IOException {
    workspace.close();
  }
}
