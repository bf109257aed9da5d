package dev.thimble.schedule.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightPlanTest {
  private static final double RAM = 0.25;
  private static final WeightMemory FLASH = new WeightMemory("flash", 1000, 0.5, true, true);
  private static final WeightMemory SERIAL = new WeightMemory("serial", 100_000, 8, false, true);

  private static WeightTable table(int channels, long bytesPerChannel, long reads, int passes) {
    return new WeightTable("conv", 0, channels, bytesPerChannel, reads, passes);
  }

  @Test
  void weightsStayInFlashThatTheCoreReads() {
    WeightPlan plan =
        WeightPlan.of(List.of(table(10, 10, 100, 1)), List.of(FLASH), RAM, 1000).orElseThrow();
    assertThat(plan.sources()).containsExactly(new WeightPlan.Source(0, false));
    assertThat(plan.prefetch().blocks()).isEmpty();
    assertThat(plan.cost()).isEqualTo(50);
  }

  @Test
  void weightsThatTheCoreCannotReadAreCopied() {
    WeightPlan plan =
        WeightPlan.of(List.of(table(10, 10, 100, 1)), List.of(SERIAL), RAM, 40).orElseThrow();
    assertThat(plan.sources()).containsExactly(new WeightPlan.Source(0, true));
    assertThat(plan.prefetch().blocks()).hasSize(3);
    assertThat(plan.cost()).isEqualTo(100 * (8 + RAM) + 100 * RAM);
  }

  @Test
  void weightsReadOftenFromSlowMemoryAreCopied() {
    WeightMemory slow = new WeightMemory("xip", 1000, 8, true, true);
    WeightTable often = table(10, 10, 100 * 50, 1);
    WeightTable once = table(10, 10, 100, 1);
    WeightPlan plan = WeightPlan.of(List.of(often, once), List.of(slow), RAM, 40).orElseThrow();
    assertThat(plan.sources().get(0).prefetched()).isTrue();
    assertThat(plan.sources().get(1).prefetched()).isFalse();
    assertThat(plan.prefetchedTables()).containsExactly(often);
  }

  @Test
  void aChannelLargerThanABufferIsReadInPlaceOrHasNoPlan() {
    assertThat(WeightPlan.of(List.of(table(2, 50, 100, 1)), List.of(SERIAL), RAM, 49)).isEmpty();
    assertThat(WeightPlan.of(List.of(table(2, 50, 100, 1)), List.of(SERIAL, FLASH), RAM, 49))
        .hasValueSatisfying(plan -> assertThat(plan.sources().getFirst().memory()).isOne());
  }

  @Test
  void theTablesThatAreReadMostGetTheFastMemory() {
    List<WeightTable> tables = List.of(table(9, 100, 900, 1), table(9, 100, 9000, 1));
    WeightMemory slow = new WeightMemory("xip", 100_000, 8, true, true);
    WeightPlan plan = WeightPlan.of(tables, List.of(slow, FLASH), RAM, 0).orElseThrow();
    assertThat(plan.sources().stream().map(WeightPlan.Source::memory)).containsExactly(0, 1);
  }

  @Test
  void blocksCoverEveryChannelOnceInOrder() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<WeightTable> tables = tables(random);
      long buffer = random.nextLong(50, 500);
      PrefetchPlan plan = PrefetchPlan.of(tables, buffer).orElseThrow();
      for (int t = 0; t < tables.size(); t++) {
        int table = t;
        int next = 0;
        for (PrefetchPlan.Block block :
            plan.blocks().stream().filter(b -> b.table() == table).toList()) {
          assertThat(block.firstChannel()).as("seed %d", seed).isEqualTo(next);
          assertThat(block.channels()).isPositive();
          assertThat(block.offset()).isEqualTo(next * tables.get(t).bytesPerChannel());
          assertThat(block.bytes()).isEqualTo(block.channels() * tables.get(t).bytesPerChannel());
          assertThat(block.bytes()).isLessThanOrEqualTo(buffer);
          next += block.channels();
        }
        assertThat(next).isEqualTo(tables.get(t).channels());
      }
    }
  }

  @Test
  void buffersTakeTurnsAndHoldWhatIsCopiedIntoThem() {
    for (int seed = 0; seed < 200; seed++) {
      List<WeightTable> tables = tables(new SplittableRandom(seed));
      PrefetchPlan plan = PrefetchPlan.of(tables, 120).orElseThrow();
      int turn = 0;
      for (PrefetchPlan.Use use : plan.uses()) {
        assertThat(use.buffer()).as("seed %d", seed).isEqualTo(turn++ % 2);
        assertThat(use.block().bytes()).isLessThanOrEqualTo(plan.bufferBytes().get(use.buffer()));
      }
    }
  }

  @Test
  void aTableIsCopiedForEachPassUnlessOneBlockHoldsIt() {
    WeightTable table = table(4, 10, 400, 3);
    assertThat(PrefetchPlan.of(List.of(table), 20).orElseThrow().uses()).hasSize(6);
    assertThat(PrefetchPlan.of(List.of(table), 40).orElseThrow().uses()).hasSize(1);
  }

  @Test
  void copiesBesideTheCoreAreHiddenBehindTheBlockBefore() {
    List<WeightTable> tables = List.of(table(4, 10, 40, 1));
    PrefetchPlan plan = PrefetchPlan.of(tables, 10).orElseThrow();
    // Four blocks of 10 bytes: each takes 20 to copy, and a quarter of 60 to compute with.
    assertThat(plan.waitCost(List.of(60.0), 2, true)).isEqualTo(20 + 3 * (20 - 15));
    assertThat(plan.waitCost(List.of(60.0), 2, false)).isEqualTo(80);
    assertThat(plan.waitCost(List.of(800.0), 2, true)).isEqualTo(20);
  }

  @Test
  void theBestBuffersAreNoLargerThanAllowedNorThanWorthwhile() {
    List<WeightTable> tables = List.of(table(64, 100, 6400, 1));
    PrefetchPlan plan = PrefetchPlan.best(tables, 1000, List.of(100_000.0), 2, true).orElseThrow();
    assertThat(plan.ramBytes()).isEqualTo(200);
    assertThat(PrefetchPlan.best(tables, 199, List.of(1.0), 2, true)).isEmpty();
    assertThat(PrefetchPlan.best(List.of(), 100, List.of(), 2, true)).isEmpty();
  }

  @Test
  void theBuffersAreItemsOfTheArenaWithAllTheirAccesses() {
    List<WeightTable> tables =
        List.of(
            new WeightTable("first", 3, 4, 10, 400, 1), new WeightTable("second", 5, 2, 10, 60, 1));
    PrefetchPlan plan = PrefetchPlan.of(tables, 20).orElseThrow();
    List<Item> items = plan.items();
    assertThat(items).hasSize(2).allMatch(item -> item.first() == 2 && item.last() == 5);
    assertThat(items.stream().mapToLong(Item::bytes).sum()).isEqualTo(plan.ramBytes());
    assertThat(items.stream().mapToLong(Item::accessBytes).sum()).isEqualTo(460 + 60);
  }

  @Test
  void theChosenMemoriesAreTheCheapestOfAll() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<WeightTable> tables = tables(random);
      List<WeightMemory> memories =
          List.of(new WeightMemory("flash", random.nextLong(100, 1500), 0.5, true, true), SERIAL);
      double least = Double.POSITIVE_INFINITY;
      for (int mask = 0; mask < 1 << tables.size(); mask++) {
        least = Math.min(least, cost(tables, memories, mask));
      }
      WeightPlan plan = WeightPlan.of(tables, memories, RAM, 100).orElseThrow();
      assertThat(plan.cost()).as("seed %d", seed).isCloseTo(least, within(1e-6));
    }
  }

  /** The cost with the tables of the mask's bits in serial flash, copied, the others in flash. */
  private static double cost(List<WeightTable> tables, List<WeightMemory> memories, int mask) {
    double cost = 0;
    long inFlash = 0;
    for (int t = 0; t < tables.size(); t++) {
      WeightTable table = tables.get(t);
      double copies = table.bytes() <= 100 ? 1 : table.passes();
      double slow = mask >> t & 1;
      double copied = copies * table.bytes();
      double inPlace = table.readBytes() * 0.5;
      double buffered = copied * (0.5 + RAM) + table.readBytes() * RAM;
      inFlash += slow == 0 ? table.bytes() : 0;
      cost +=
          slow == 0 ? Math.min(inPlace, buffered) : copied * (8 + RAM) + table.readBytes() * RAM;
    }
    return inFlash > memories.getFirst().capacity() ? Double.POSITIVE_INFINITY : cost;
  }

  private static List<WeightTable> tables(SplittableRandom random) {
    List<WeightTable> tables = new ArrayList<>();
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      int channels = random.nextInt(1, 30);
      long bytes = random.nextLong(1, 50);
      int passes = random.nextInt(1, 4);
      tables.add(
          new WeightTable(
              "conv " + i,
              tables.size(),
              channels,
              bytes,
              channels * bytes * random.nextInt(1, 50),
              passes));
    }
    return tables;
  }
}
