package dev.thimble.toolchain;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An external program that Thimble uses if it is installed. */
public enum Tool {
  GCC("gcc", "gcc libc6-dev", "builds the generated C for the host"),
  ARM_GCC("arm-none-eabi-gcc", "gcc-arm-none-eabi libnewlib-arm-none-eabi", "builds for Cortex-M"),
  QEMU_ARM("qemu-system-arm", "qemu-system-arm", "simulates Cortex-M"),
  RISCV_GCC(
      "riscv64-unknown-elf-gcc",
      "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf",
      "builds for RISC-V"),
  QEMU_RISCV32("qemu-system-riscv32", "qemu-system-misc", "simulates RISC-V of 32 bits"),
  QEMU_RISCV64("qemu-system-riscv64", "qemu-system-misc", "simulates RISC-V of 64 bits"),
  CLANG("clang-19", "clang-19", "builds for cores with vectors: Cortex-M55, rv32gcv, rv64gcv"),
  LLD("ld.lld-19", "lld-19", "links for rv32gcv and rv64gcv");

  private final String command;
  private final String debianPackages;
  private final String purpose;

  Tool(String command, String debianPackages, String purpose) {
    this.command = command;
    this.debianPackages = debianPackages;
    this.purpose = purpose;
  }

  public String command() {
    return command;
  }

  /** What the program is for, to be read after its name. */
  public String purpose() {
    return purpose;
  }

  /** The command that installs it on Debian. */
  public String installCommand() {
    return "apt-get install -y " + debianPackages;
  }

  /** Where the program is on the PATH, if it is there. */
  public Optional<Path> find() {
    String path = System.getenv("PATH");
    return Arrays.stream((path == null ? "" : path).split(Pattern.quote(File.pathSeparator)))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, command))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Where the program is; throws {@link ToolException} with the command that installs it. */
  public Path require() {
    return find().orElseThrow(this::missing);
  }

  /** Throws {@link ToolException} with one command that installs all that are missing of these. */
  static void requireAll(List<Tool> tools) {
    List<Tool> missing = tools.stream().distinct().filter(tool -> tool.find().isEmpty()).toList();
    if (missing.size() == 1) {
      throw missing.getFirst().missing();
    }
    if (!missing.isEmpty()) {
      throw new ToolException(
          missing.stream()
                  .map(tool -> tool.command + " (" + tool.purpose + ")")
                  .collect(Collectors.joining(", "))
              + " are missing; on Debian, as root: apt-get install -y "
              + missing.stream()
                  .flatMap(tool -> Arrays.stream(tool.debianPackages.split(" ")))
                  .distinct()
                  .collect(Collectors.joining(" ")));
    }
  }

  ToolException missing() {
    return new ToolException(
        command + " is missing (" + purpose + "); on Debian, as root: " + installCommand());
  }
}
