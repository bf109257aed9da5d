package dev.thimble.toolchain;

import dev.thimble.target.CompilerFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A C compiler for simulated cores, with the linker and the C library that go with it. Clang brings
 * neither for bare machines: it takes the header files of GCC's library, and GCC links.
 */
enum CrossCompiler {
  ARM_GCC(Tool.ARM_GCC, Tool.ARM_GCC, "arm-none-eabi-", "nano.specs"),
  ARM_CLANG(Tool.CLANG, Tool.ARM_GCC, "arm-none-eabi-", "nano.specs"),
  RISCV_GCC(Tool.RISCV_GCC, Tool.RISCV_GCC, "riscv64-unknown-elf-", "picolibc.specs"),
  RISCV_CLANG(Tool.CLANG, Tool.RISCV_GCC, "riscv64-unknown-elf-", "picolibc.specs");

  private final Tool compiler;
  private final Tool linker;
  private final String prefix;
  private final String specs;

  CrossCompiler(Tool compiler, Tool linker, String prefix, String specs) {
    this.compiler = compiler;
    this.linker = linker;
    this.prefix = prefix;
    this.specs = specs;
  }

  /** The programs that it consists of. */
  List<Tool> tools() {
    return this == RISCV_CLANG ? List.of(compiler, linker, Tool.LLD) : List.of(compiler, linker);
  }

  /** The compiler; throws {@link ToolException} when it is missing. */
  Path path() {
    return compiler.require();
  }

  /**
   * What the compiler has to be told of core and header files. Throws {@link ToolException} when
   * the linker or the C library is missing.
   */
  List<String> flags(CompilerFlags flags, Path folder) throws IOException {
    List<String> headers = headers(flags, folder);
    List<String> all = new ArrayList<>(flags.flags());
    if (compiler == linker) {
      all.add("--specs=" + specs);
    } else {
      headers.forEach(include -> all.addAll(List.of("-isystem", include)));
    }
    return all;
  }

  /** A call that links without the library's start-up code; what and where to are to be added. */
  Command link(CompilerFlags flags, Path folder) throws IOException {
    Command command =
        new Command(folder, linker.require())
            .add(flags.linkFlags())
            .add("-nostartfiles", "--specs=" + specs);
    if (this == RISCV_CLANG) {
      // GNU's linker of Debian 12 crashes on clang's vector code. GCC looks for lld by this name.
      Path lld = Files.createDirectories(folder.resolve("linker")).resolve("ld.lld");
      Files.deleteIfExists(lld);
      Files.createSymbolicLink(lld, Tool.LLD.require());
      command.add("-fuse-ld=lld", "-B" + lld.getParent());
    }
    return command;
  }

  /** What a program that calls mathematical functions is linked with, behind all of its own. */
  List<String> libraries() {
    return switch (this) {
      case ARM_GCC, ARM_CLANG -> List.of("-lm");
      // picolibc has these functions in the C library; its libm.a is empty, and not even of the
      // right word length.
      case RISCV_GCC, RISCV_CLANG -> List.of();
    };
  }

  /** A program like {@code nm} or {@code size} that reads the ELF files. */
  Path binutil(String name) {
    return linker.require().resolveSibling(prefix + name);
  }

  /** Where GCC finds header files, but for its own, which say what only it knows. */
  private List<String> headers(CompilerFlags flags, Path folder) throws IOException {
    Command.Result said =
        new Command(folder, linker.require())
            .add(flags.linkFlags())
            .add("--specs=" + specs, "-E", "-v", "-x", "c", "/dev/null")
            .run();
    if (said.exitCode() != 0) {
      throw new ToolException(
          linker.command()
              + " has no "
              + specs
              + "; on Debian, as root: "
              + linker.installCommand());
    }
    List<String> found = new ArrayList<>();
    Arrays.stream(said.output().split("\n"))
        .map(String::strip)
        .dropWhile(line -> !line.startsWith("#include <...>"))
        .skip(1)
        .takeWhile(line -> !line.startsWith("End of search list"))
        .filter(line -> !line.contains("/gcc/") || line.contains("/../"))
        .forEach(found::add);
    return found;
  }
}
