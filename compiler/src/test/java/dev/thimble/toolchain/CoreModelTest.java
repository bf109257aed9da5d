package dev.thimble.toolchain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.target.Boards;
import dev.thimble.target.Target;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CoreModelTest {
  @Test
  void theFe310sOwnBoardIsSimulatedWhereItsRamHoldsTheProgram() {
    assertThat(machine("hifive1-revb", Target.RV32IMAC, 12_000)).contains("sifive_e");
    assertThat(machine("hifive1-revb", Target.RV32IMAC, 16_000)).contains("virt");
    assertThat(machine("longan-nano", Target.RV32IMAC, 12_000)).contains("virt");
    assertThat(CoreModel.of(Target.RV32IMAC, Optional.empty(), 1).machine()).contains("virt");
  }

  private static Iterable<String> machine(String board, Target target, long ramBytes) {
    return CoreModel.of(target, Optional.of(Boards.ofName(board)), ramBytes).machine();
  }
}
