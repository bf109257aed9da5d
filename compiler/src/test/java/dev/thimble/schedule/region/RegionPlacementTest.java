package dev.thimble.schedule.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RegionPlacementTest {
  private static final RegionCost FAST = new RegionCost("dtcm", 100, 0.25);
  private static final RegionCost SLOW = new RegionCost("sram", 1000, 1);

  @Test
  void theItemWithMostAccessesGetsTheFastRegion() {
    RegionPlacement placement =
        RegionPlacement.of(
                List.of(new Item("cold", 80, 0, 1, 100), new Item("hot", 80, 0, 1, 900)),
                List.of(SLOW, FAST),
                RegionPlacement::peakBytes)
            .orElseThrow();
    assertThat(placement.assignment()).containsExactly(0, 1);
    assertThat(placement.cost()).isEqualTo(100 + 900 * 0.25);
    assertThat(placement.in(1)).extracting(Item::name).containsExactly("hot");
    assertThat(placement.exact()).isTrue();
  }

  @Test
  void itemsThatAreNeverInUseTogetherShareAFastRegion() {
    RegionPlacement placement =
        RegionPlacement.of(
                List.of(new Item("early", 80, 0, 1, 500), new Item("late", 80, 2, 3, 900)),
                List.of(SLOW, FAST),
                RegionPlacement::peakBytes)
            .orElseThrow();
    assertThat(placement.assignment()).containsExactly(1, 1);
  }

  @Test
  void whatFitsNowhereHasNoPlacement() {
    assertThat(
            RegionPlacement.of(
                List.of(new Item("large", 1001, 0, 0, 1)),
                List.of(SLOW, FAST),
                RegionPlacement::peakBytes))
        .isEmpty();
    assertThat(
            RegionPlacement.of(
                List.of(new Item("a", 1, 0, 0, 1)), List.of(), RegionPlacement::peakBytes))
        .isEmpty();
  }

  @Test
  void noItemsAreAPlacementOfNoCost() {
    assertThat(
            RegionPlacement.of(List.of(), List.of(FAST), RegionPlacement::peakBytes)
                .orElseThrow()
                .cost())
        .isZero();
  }

  @Test
  void smallProblemsAreSolvedAsWellAsByTryingAll() {
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Item> items = items(random, random.nextInt(1, 8));
      List<RegionCost> regions = regions(random, items, random.nextInt(1, 4));
      Optional<RegionPlacement> placement =
          RegionPlacement.of(items, regions, RegionPlacement::peakBytes);
      double best = bruteForce(items, regions, new ArrayList<>());
      assertThat(placement.isPresent()).as("seed %d", seed).isEqualTo(best < Double.MAX_VALUE);
      placement.ifPresent(p -> {
        assertThat(p.exact()).isTrue();
        assertThat(p.cost()).isCloseTo(best, within(1e-6));
        requireFits(p);
      });
    }
  }

  @Test
  void largeProblemsFitAndComeNearToTheExactCost() {
    double greedy = 0;
    double exact = 0;
    for (int seed = 0; seed < 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Item> items = items(random, 9);
      List<RegionCost> regions = regions(random, items, 3);
      PlacementProblem problem =
          new PlacementProblem(
              items,
              regions,
              (i, r) -> items.get(i).accessBytes() * regions.get(r).costPerByte(),
              RegionPlacement::peakBytes);
      Optional<RegionPlacement> found = new GreedyPlacement(problem).solve();
      found.ifPresent(RegionPlacementTest::requireFits);
      Optional<RegionPlacement> best = new ExactPlacement(problem, Optional.empty()).solve();
      if (found.isPresent()) {
        assertThat(found.get().cost()).isGreaterThanOrEqualTo(best.orElseThrow().cost() - 1e-6);
        greedy += found.get().cost();
        exact += best.orElseThrow().cost();
      }
    }
    assertThat(greedy).isLessThan(1.05 * exact);
  }

  @Test
  void manyItemsArePlacedWithoutAnExactSearch() {
    SplittableRandom random = new SplittableRandom(7);
    List<Item> items = items(random, 200);
    List<RegionCost> regions = regions(random, items, 4);
    RegionPlacement placement =
        RegionPlacement.of(items, regions, RegionPlacement::peakBytes).orElseThrow();
    assertThat(placement.exact()).isFalse();
    requireFits(placement);
  }

  @Test
  void theCallerSaysWhatItemsNeedWherePackingLeavesHoles() {
    List<Item> items = List.of(new Item("a", 60, 0, 0, 500), new Item("b", 60, 1, 1, 400));
    assertThat(
            RegionPlacement.of(items, List.of(SLOW, FAST), RegionPlacement::peakBytes)
                .orElseThrow()
                .assignment())
        .containsExactly(1, 1);
    // Side by side, the two do not fit the fast region.
    assertThat(
            RegionPlacement.of(
                    items,
                    List.of(SLOW, FAST),
                    there -> there.stream().mapToLong(Item::bytes).sum())
                .orElseThrow()
                .assignment())
        .containsExactly(1, 0);
  }

  private static void requireFits(RegionPlacement placement) {
    for (int region = 0; region < placement.regions().size(); region++) {
      assertThat(RegionPlacement.peakBytes(placement.in(region)))
          .isLessThanOrEqualTo(placement.regions().get(region).capacity());
    }
  }

  private static double bruteForce(
      List<Item> items, List<RegionCost> regions, List<Integer> assignment) {
    if (assignment.size() < items.size()) {
      double best = Double.MAX_VALUE;
      for (int region = 0; region < regions.size(); region++) {
        assignment.add(region);
        best = Math.min(best, bruteForce(items, regions, assignment));
        assignment.removeLast();
      }
      return best;
    }
    double cost = 0;
    for (int region = 0; region < regions.size(); region++) {
      for (int tick = 0; tick < 20; tick++) {
        long used = 0;
        for (int i = 0; i < items.size(); i++) {
          Item item = items.get(i);
          boolean here = assignment.get(i) == region;
          used += here && item.first() <= tick && tick <= item.last() ? item.bytes() : 0;
        }
        if (used > regions.get(region).capacity()) {
          return Double.MAX_VALUE;
        }
      }
    }
    for (int i = 0; i < items.size(); i++) {
      cost += items.get(i).accessBytes() * regions.get(assignment.get(i)).costPerByte();
    }
    return cost;
  }

  private static List<Item> items(SplittableRandom random, int count) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int first = random.nextInt(10);
      items.add(
          new Item(
              "item " + i,
              random.nextInt(1, 100),
              first,
              first + random.nextInt(5),
              random.nextInt(1000)));
    }
    return items;
  }

  /** Regions that hold most of the items, one all of them in half of the cases. */
  private static List<RegionCost> regions(SplittableRandom random, List<Item> items, int count) {
    long peak = RegionPlacement.peakBytes(items);
    List<RegionCost> regions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean all = i == 0 && random.nextBoolean() || items.size() > 100;
      long capacity = all ? peak : random.nextLong(peak / 4 + 1, peak + 1);
      regions.add(new RegionCost("region " + i, capacity, random.nextInt(1, 20) / 4.0));
    }
    return regions;
  }
}
