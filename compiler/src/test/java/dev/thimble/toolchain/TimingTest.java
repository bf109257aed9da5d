package dev.thimble.toolchain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.testing.Requires;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The counting plugin's models of cores, on blocks whose cycles follow from the manuals by hand.
 */
class TimingTest {
  private static final String LDR_R0 = "0x08,0x68"; // ldr r0, [r1]
  private static final String LDR_R2 = "0x1A,0x68"; // ldr r2, [r3]
  private static final String ADD_R0 = "0x80,0x18"; // adds r0, r0, r2
  private static final String ADD_R4 = "0xAC,0x19"; // adds r4, r5, r6
  private static final String SMLAD = "0x21,0xFB,0x02,0x00"; // smlad r0, r1, r2, r0
  private static final String BACK = "0xFA,0xD1"; // bne .-8
  private static final String VLDRB = "0x91,0xED,0x00,0x1E"; // vldrb.u8 q0, [r1]
  private static final String VMLADAVA = "0xF2,0xEE,0x20,0x0E"; // vmladava.s8 r0, q1, q0

  private static final String LB_A0 = "0x03,0x85,0x05,0x00"; // lb a0, 0(a1)
  private static final String ADDI_A0 = "0x13,0x05,0x15,0x00"; // addi a0, a0, 1
  private static final String MUL_A2 = "0x33,0x06,0xB5,0x02"; // mul a2, a0, a1
  private static final String MUL_A3 = "0xB3,0x06,0xB5,0x02"; // mul a3, a0, a1
  private static final String ADD_COMPRESSED = "0x2E,0x95"; // c.add a0, a1

  /** A block, and what it should come to: bytes, cycles, and what its branch costs besides. */
  private record Case(String core, List<String> code, String expected) {}

  private static final List<Case> CASES =
      List.of(
          // Two loads overlap on an M4 and not on an M0+.
          new Case("cortex-m4", List.of(LDR_R0, LDR_R2, ADD_R0), "6 4 2 0"),
          new Case("cortex-m0plus", List.of(LDR_R0, LDR_R2, ADD_R0), "6 5 1 0"),
          // On an M7 the sum waits for the second load; what is independent begins beside it.
          new Case("cortex-m7", List.of(LDR_R0, LDR_R2, ADD_R0), "6 4 1 0"),
          new Case("cortex-m7", List.of(LDR_R0, ADD_R4), "4 1 1 0"),
          new Case("cortex-m7", List.of(ADD_R0, ADD_R4), "4 1 1 0"),
          new Case("cortex-m7", List.of(SMLAD, SMLAD, BACK), "10 3 0 6"),
          // An M33 computes in one place only, and pairs no instructions of four bytes.
          new Case("cortex-m33", List.of(ADD_R0, ADD_R4), "4 2 2 0"),
          new Case("cortex-m33", List.of(LDR_R0, SMLAD), "6 3 2 0"),
          // A load and a computation of Helium overlap; two computations do not.
          new Case("cortex-m55", List.of(VLDRB, VMLADAVA), "8 2 1 0"),
          new Case("cortex-m55", List.of(VMLADAVA, VMLADAVA), "8 3 1 0"),
          // A byte is there after three cycles on an E31, whose multiplier takes four.
          new Case("fe310", List.of(LB_A0, ADDI_A0, MUL_A2), "12 5 0 0"),
          new Case("fe310", List.of(MUL_A2, MUL_A3), "8 5 0 0"),
          new Case("hazard3", List.of(LB_A0, ADDI_A0, MUL_A2), "12 4 0 0"),
          new Case("esp32-c3", List.of(ADD_COMPRESSED, MUL_A2, MUL_A3), "10 3 0 0"));

  @Test
  void blocksTakeTheCyclesThatTheManualsSay() throws IOException {
    Requires.command("gcc");
    try (Workspace workspace = Workspace.create()) {
      workspace.addResources(
          List.of(
                  "timing.c",
                  "pipeline.c",
                  "cortex_m_timing.c",
                  "superscalar_timing.c",
                  "thumb.c",
                  "thumb_registers.c",
                  "riscv_timing.c",
                  "timing.h",
                  "pipeline.h",
                  "thumb.h")
              .stream()
              .map(file -> "plugin/" + file)
              .toList());
      workspace.addText("main.c", main());
      Path folder = workspace.folder();
      new Command(folder, Tool.GCC.require())
          .add("-std=gnu99", "-Wall", "-Wextra", "-Werror", "-Wconversion", "-Wshadow")
          .add("main.c", "timing.c", "pipeline.c", "cortex_m_timing.c", "superscalar_timing.c")
          .add("thumb.c", "thumb_registers.c", "riscv_timing.c", "-o", "timing")
          .runOrFail();
      String printed = new Command(folder, folder.resolve("timing")).runOrFail();
      assertThat(printed.lines().toList())
          .isEqualTo(CASES.stream().map(each -> each + " = " + each.expected()).toList());
    }
  }

  private static String main() {
    StringBuilder text =
        new StringBuilder("#include \"timing.h\"\n#include <stdio.h>\nint main(void) {\n");
    for (Case each : CASES) {
      text.append("  { ");
      for (int i = 0; i < each.code().size(); i++) {
        text.append("static const uint8_t i%d[] = {%s}; ".formatted(i, each.code().get(i)));
      }
      text.append("const uint8_t *const all[] = {");
      for (int i = 0; i < each.code().size(); i++) {
        text.append("i%d, ".formatted(i));
      }
      text.append(
          """
          };
            const struct timing_core *core = timing_find("%s");
            const struct timing t = core->block(core, all, %d);
            printf("%s = %%d %%d %%u %%u\\n", (int)t.bytes, (int)t.cycles, t.taken, t.straight); }
          """
              .formatted(each.core(), each.code().size(), each));
    }
    return text.append("  return 0;\n}\n").toString();
  }
}
