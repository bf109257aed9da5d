package dev.thimble.kernel.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.Parameter;
import dev.thimble.op.Activation;
import dev.thimble.op.Conv2d;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Size2d;
import dev.thimble.target.Boards;
import dev.thimble.target.Target;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CostModelTest {
  private static final TensorType MAP = TensorType.int8(0.5f, 0, 1, 4, 4, 3);
  private static final Conv2d CONVOLUTION =
      new Conv2d(Size2d.ONE, Size2d.ONE, new Padding2d(1, 1, 1, 1), 1, Activation.NONE);

  private static Work convolution(int filters) {
    TensorType filter = TensorType.of(DType.INT8, Shape.of(filters, 3, 3, 3));
    return Work.of(CONVOLUTION, List.of(MAP, filter), TensorType.int8(0.5f, 0, 1, 4, 4, filters));
  }

  private static Kernel kernel(String function, int filterBytes) {
    Parameter filter =
        new Parameter.Table("filter", Parameter.Role.FILTER, DType.INT8, new int[filterBytes]);
    return new Kernel(
        "x/x_portable.c", function, new Form.Whole(), List.of(0), List.of(filter), 0, false);
  }

  @Test
  void productsAreCountedByBlocksOfFourAndByWhetherTheyLieInTheMap() {
    Work work = convolution(6);
    // Along an axis of 4 with a border of 1, 10 of the 12 taps lie inside.
    assertThat(work.count(Unit.MAC)).isEqualTo(4 * 3 * 10 * 10);
    assertThat(work.count(Unit.SINGLE_MAC)).isEqualTo(2 * 3 * 10 * 10);
    assertThat(work.count(Unit.PADDED_MAC)).isEqualTo(6 * 3 * (144 - 100));
    assertThat(work.count(Unit.RUN)).isEqualTo(16 * 3 * 3);
    assertThat(work.count(Unit.OUTPUT)).isEqualTo(96);
    assertThat(work.count(Unit.PIXEL)).isEqualTo(16);
    assertThat(work.count(Unit.CALL)).isEqualTo(1);
  }

  @Test
  void ofAConvolutionOnlyWhatThePoolingReadsIsCounted() {
    Pool2d pool =
        new Pool2d(
            Pool2d.Kind2d.MAX, Size2d.ONE, new Size2d(2, 2), Padding2d.NONE, Activation.NONE);
    TensorType convolved = TensorType.int8(0.5f, 0, 1, 4, 4, 4);
    Work pooling = Work.of(pool, List.of(convolved), TensorType.int8(0.5f, 0, 1, 2, 2, 4));
    Work both = convolution(4).pooledBy(pooling);
    assertThat(both.count(Unit.MAC)).isEqualTo(convolution(4).count(Unit.MAC) / 4);
    assertThat(both.count(Unit.CALL)).isEqualTo(1);
  }

  @Test
  void cyclesAreTheSumOfTheWork() {
    CostModel model =
        CostModel.parse("# a note\nbasis: a test\nconv2d_s8 mac=2 call=10\nother_s8 output=1.5\n");
    assertThat(model.basis()).isEqualTo("a test");
    assertThat(model.cycles(kernel("conv2d_s8", 1), convolution(4)))
        .isEqualTo(2 * 4 * 3 * 100 + 10);
    assertThat(model.cycles(kernel("unheard_of_s8", 1), convolution(4))).isEqualTo(96);
  }

  @Test
  void aKernelThatKnowsItsCyclesIsBelieved() {
    CostModel model = CostModel.of(Target.CORTEX_M4).orElseThrow();
    assertThat(model.cycles(kernel("conv2d_s8", 1).withCycles(1234), convolution(4)))
        .isEqualTo(1234);
  }

  @Test
  void aTableWithoutFiguresIsRefused() {
    assertThatThrownBy(() -> CostModel.parse("basis: nothing\n"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  void everyTargetButThePortableOneHasAModel(Target target) {
    assertThat(CostModel.of(target).isPresent()).isEqualTo(target != Target.PORTABLE);
    CostModel.of(target)
        .ifPresent(model -> {
          assertThat(model.basis()).isNotBlank();
          assertThat(model.cycles(kernel("conv2d_s8", 1), convolution(8))).isPositive();
        });
  }

  @Test
  void whatTheCacheHoldsIsWaitedForOnceAndTheRestEachTime() {
    FlashStalls flash = new FlashStalls(Boards.ofName("stm32f407").programMemory().orElseThrow());
    Work work = new Work(Map.of(Unit.PIXEL, 100L));
    assertThat(flash.cycles(kernel("conv2d_s8", 64), work, 1000)).isEqualTo(5 * 4);
    assertThat(flash.cycles(kernel("conv2d_s8", 1600), work, 1000)).isEqualTo(5 * 100 * 100);
  }

  @Test
  void codeThatNoCacheHoldsWaitsAtBranches() {
    FlashStalls flash =
        new FlashStalls(Boards.ofName("nucleo-g0b1re").programMemory().orElseThrow());
    assertThat(flash.cycles(kernel("copy", 0), new Work(Map.of()), 1000)).isEqualTo(2 * 100);
  }
}
