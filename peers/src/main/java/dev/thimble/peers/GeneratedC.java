package dev.thimble.peers;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.Compiler;
import dev.thimble.Stage;
import dev.thimble.graph.Value;
import dev.thimble.importer.ImportedModel;
import dev.thimble.schedule.Preference;
import dev.thimble.toolchain.ProgramFiles;
import dev.thimble.toolchain.Tool;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The C that Thimble writes, built by the host's compiler and called in this process. */
@SuppressWarnings("restricted")
public final class GeneratedC implements Runner {
  private static final String NAME = "network";
  private static final long ALIGNMENT = 16;

  /** As the other runtimes, which bring kernels for this very processor. */
  private static final List<String> FLAGS =
      List.of("-std=c99", "-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC");

  private final Arena memory = Arena.ofConfined();
  private final Compilation compilation;
  private final SymbolLookup library;
  private final MemorySegment arena;
  private final MethodHandle run;

  /** Compiles a network for speed. Throws {@link IOException} where gcc cannot be run. */
  public GeneratedC(ImportedModel model) throws IOException {
    this.compilation =
        Compiler.compile(
            model,
            CompileOptions.DEFAULTS.withName(NAME).withPrefer(Preference.SPEED),
            Stage.Listener.NONE);
    this.library = SymbolLookup.libraryLookup(build(compilation), memory);
    this.arena = memory.allocate(compilation.plan().arenaBytes(), ALIGNMENT);
    call(function("init"));
    this.run = function("run");
  }

  private static Path build(Compilation compilation) throws IOException {
    Path folder = Files.createTempDirectory("thimble-peers");
    Path library = Files.createTempFile("thimble-peers", ".so");
    library.toFile().deleteOnExit();
    ProgramFiles.write(folder, compilation.program().files());
    List<String> command = new ArrayList<>(List.of(Tool.GCC.require().toString()));
    command.addAll(FLAGS);
    command.addAll(List.of(NAME + ".c", NAME + "_weights.c", "-o", library.toString(), "-lm"));
    Process process = new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start();
    try {
      if (process.waitFor() != 0) {
        throw new PeerException("gcc does not build the generated C");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
    return library;
  }

  private MethodHandle function(String name) {
    MemorySegment address = library.findOrThrow(NAME + "_" + name);
    FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
    return Linker.nativeLinker().downcallHandle(address, type);
  }

  private MemorySegment place(String name, Value value) {
    MethodHandle get =
        Linker.nativeLinker()
            .downcallHandle(
                library.findOrThrow(NAME + "_" + name),
                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    try {
      return ((MemorySegment) get.invokeExact(arena)).reinterpret(value.type().bytes());
    } catch (Throwable e) {
      throw new PeerException("the generated C fails", e);
    }
  }

  private void call(MethodHandle function) {
    try {
      int code = (int) function.invokeExact(arena);
      if (code != 0) {
        throw new PeerException("the generated C returns " + code);
      }
    } catch (PeerException e) {
      throw e;
    } catch (Throwable e) {
      throw new PeerException("the generated C fails", e);
    }
  }

  @Override
  public String name() {
    return "Thimble";
  }

  @Override
  public void inputs(List<byte[]> inputs) {
    for (int i = 0; i < inputs.size(); i++) {
      MemorySegment place = place("input_" + i, compilation.graph().inputs().get(i));
      MemorySegment.copy(inputs.get(i), 0, place, ValueLayout.JAVA_BYTE, 0, inputs.get(i).length);
    }
  }

  @Override
  public void run() {
    call(run);
  }

  @Override
  public List<byte[]> outputs() {
    List<byte[]> outputs = new ArrayList<>();
    for (int i = 0; i < compilation.graph().outputs().size(); i++) {
      MemorySegment place = place("output_" + i, compilation.graph().outputs().get(i));
      outputs.add(place.toArray(ValueLayout.JAVA_BYTE));
    }
    return outputs;
  }

  @Override
  public void close() {
    memory.close();
  }
}
