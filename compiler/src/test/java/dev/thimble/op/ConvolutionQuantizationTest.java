package dev.thimble.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConvolutionQuantizationTest {
  @ParameterizedTest
  @EnumSource
  void theZeroPointIsAddedToTheGreatestResultsWithoutOverflow(Rounding rounding) {
    Multiplier nearlyOne = new Multiplier(Integer.MAX_VALUE, 0);
    ConvolutionQuantization quantization =
        new ConvolutionQuantization(0, 98, List.of(nearlyOne), List.of(), -128, 127);

    assertThat(quantization.apply(Integer.MAX_VALUE, 0, rounding)).isEqualTo(127);
  }
}
