package dev.thimble.schedule.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.target.Boards;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegionCostsTest {
  @Test
  void tightlyCoupledMemoryCostsLessThanTheOthers() {
    List<RegionCost> ram = RegionCosts.ram(Boards.ofName("stm32h743"), 1024);
    assertThat(ram.getFirst().name()).isEqualTo("axi_sram");
    assertThat(ram.getFirst().capacity()).isEqualTo(511 * 1024);
    assertThat(ram.get(1).name()).isEqualTo("dtcm");
    assertThat(ram.get(1).costPerByte()).isLessThan(ram.getFirst().costPerByte());
  }

  @Test
  void regionsAtConsecutiveAddressesAreOne() {
    assertThat(RegionCosts.ram(Boards.ofName("stm32l4r5"), 0))
        .containsExactly(new RegionCost("sram1+sram2+sram3", 640 * 1024, 0.25));
  }

  @Test
  void externalMemoryCostsMost() {
    List<RegionCost> ram = RegionCosts.ram(Boards.ofName("teensy41"), 0);
    assertThat(ram.getLast().name()).isEqualTo("psram");
    assertThat(ram.subList(0, 2))
        .allMatch(region -> region.costPerByte() < ram.getLast().costPerByte());
  }

  @Test
  void weightsLieInFlashBesideTheCode() {
    assertThat(RegionCosts.weights(Boards.ofName("stm32f407"), 4096))
        .containsExactly(new WeightMemory("flash", 1020 * 1024, 1.5, true, true));
  }
}
