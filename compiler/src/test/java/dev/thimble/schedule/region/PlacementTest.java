package dev.thimble.schedule.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thimble.schedule.Buffer;
import dev.thimble.schedule.GreedyBySize;
import dev.thimble.schedule.Offsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static final RegionCost FAST = new RegionCost("dtcm", 100, 0.25);
  private static final RegionCost SLOW = new RegionCost("sram", 1000, 1);

  @Test
  void theItemWithMostAccessesGetsTheFastRegion() {
    Placement placement =
        Placement.of(
                List.of(new Item("cold", 80, 0, 1, 100), new Item("hot", 80, 0, 1, 900)),
                List.of(SLOW, FAST),
                Placement::peakBytes)
            .orElseThrow();
    assertThat(placement.assignment()).containsExactly(0, 1);
    assertThat(placement.cost()).isEqualTo(100 + 900 * 0.25);
    assertThat(placement.in(1)).extracting(Item::name).containsExactly("hot");
    assertThat(placement.exact()).isTrue();
  }

  @Test
  void itemsThatAreNeverInUseTogetherShareAFastRegion() {
    Placement placement =
        Placement.of(
                List.of(new Item("early", 80, 0, 1, 500), new Item("late", 80, 2, 3, 900)),
                List.of(SLOW, FAST),
                Placement::peakBytes)
            .orElseThrow();
    assertThat(placement.assignment()).containsExactly(1, 1);
  }

  @Test
  void whatFitsNowhereHasNoPlacement() {
    assertThat(
            Placement.of(
                List.of(new Item("large", 1001, 0, 0, 1)),
                List.of(SLOW, FAST),
                Placement::peakBytes))
        .isEmpty();
    assertThat(Placement.of(List.of(new Item("a", 1, 0, 0, 1)), List.of(), Placement::peakBytes))
        .isEmpty();
  }

  @Test
  void noItemsAreAPlacementOfNoCost() {
    assertThat(Placement.of(List.of(), List.of(FAST), Placement::peakBytes).orElseThrow().cost())
        .isZero();
  }

  @Test
  void smallProblemsAreSolvedAsWellAsByTryingAll() {
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Item> items = items(random, random.nextInt(1, 8));
      List<RegionCost> regions = regions(random, items, random.nextInt(1, 4));
      Optional<Placement> placement = Placement.of(items, regions, Placement::peakBytes);
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
              Placement::peakBytes);
      Optional<Placement> found = new GreedyPlacement(problem).solve();
      found.ifPresent(PlacementTest::requireFits);
      Optional<Placement> best = new ExactPlacement(problem, Optional.empty()).solve();
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
    Placement placement = Placement.of(items, regions, Placement::peakBytes).orElseThrow();
    assertThat(placement.exact()).isFalse();
    requireFits(placement);
  }

  @Test
  void theSolverOfOffsetsCanSayWhatItemsNeed() {
    // Packed with holes, three items need more than the 12 bytes that are in use at once.
    List<Item> items =
        List.of(new Item("a", 4, 0, 1, 9), new Item("b", 8, 1, 2, 9), new Item("c", 4, 2, 3, 9));
    Placement placement =
        Placement.of(items, List.of(new RegionCost("ram", 1000, 1)), PlacementTest::packed)
            .orElseThrow();
    assertThat(packed(placement.in(0))).isGreaterThanOrEqualTo(12);
  }

  /** What the offset solver needs for the items. */
  private static long packed(List<Item> items) {
    List<Buffer> buffers =
        items.stream()
            .map(i ->
                new Buffer(
                    i.name(), Buffer.Kind.ACTIVATION, List.of(), i.bytes(), 4, i.first(), i.last()))
            .toList();
    return GreedyBySize.solve(new Offsets.Problem(buffers)).size();
  }

  private static void requireFits(Placement placement) {
    for (int region = 0; region < placement.regions().size(); region++) {
      assertThat(Placement.peakBytes(placement.in(region)))
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
    long peak = Placement.peakBytes(items);
    List<RegionCost> regions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean all = i == 0 && random.nextBoolean() || items.size() > 100;
      long capacity = all ? peak : random.nextLong(peak / 4 + 1, peak + 1);
      regions.add(new RegionCost("region " + i, capacity, random.nextInt(1, 20) / 4.0));
    }
    return regions;
  }
}
