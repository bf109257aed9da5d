package dev.thimble.kernel.scalar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.PackedFilter;
import dev.thimble.op.Activation;
import dev.thimble.op.Conv2d;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Rounding;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomTensors;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RiscvKernelsTest {
  private static final int FILTERS = 4;
  private static final int DEPTH = 32;
  private static final TensorType INPUT = TensorType.int8(1, 0, 1, 4, 4, DEPTH);
  private static final TensorType OUTPUT = TensorType.int8(1, 0, 1, 4, 4, FILTERS);

  @Test
  void aFilterThatFewBitsHoldButForALevelChannelIsStoredAsTheKernelsReadIt() {
    KernelRequest request = ofOnes(-128, 1 << 26);
    KernelRequest rewritten = LevelChannels.rewritten(request);
    assertThat(PackedFilter.bits(rewritten)).isLessThan(PackedFilter.bits(request));

    assertThat(new RiscvKernels().candidates(request))
        .extracting(Candidate::kernel)
        .flatExtracting(kernel -> kernel.parameters())
        .noneMatch(parameter -> parameter.field().startsWith("convolution."));
  }

  @Test
  void aFilterOfManyBitsIsRewrittenWithoutItsLevelChannel() {
    assertThat(new RiscvKernels().candidates(ofOnes(-128, 1 << 26, 100))).isNotEmpty();
  }

  /** A convolution of ones, but for a first channel of this weight that a bias makes level. */
  private static KernelRequest ofOnes(int weight, int bias, int... others) {
    int[] weights = new int[FILTERS * DEPTH];
    Arrays.fill(weights, 1);
    Arrays.fill(weights, 0, DEPTH, weight);
    System.arraycopy(others, 0, weights, DEPTH, others.length);
    QuantParams scales = new QuantParams.PerChannel(0, Collections.nCopies(FILTERS, 0.03f));
    TensorType filter = new TensorType(DType.INT8, Shape.of(FILTERS, 1, 1, DEPTH), scales);
    Tensor biases =
        Tensor.ofInts(TensorType.of(DType.INT32, Shape.of(FILTERS)), new int[] {bias, 0, 0, 0});
    return RandomTensors.request(
        new Conv2d(Size2d.ONE, Size2d.ONE, Padding2d.NONE, 1, Activation.NONE),
        List.of(
            Tensor.ofInts(INPUT, new int[INPUT.elements()]),
            Tensor.ofInts(filter, weights),
            biases),
        OUTPUT,
        Rounding.DOUBLE);
  }
}
