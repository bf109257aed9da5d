package dev.thimble.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CNameTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "vww, vww",
        "VWW-96 v1.0, vww_96_v1_0",
        "__lenet5__, lenet5",
        "3x3, model_3x3",
        "``, model_",
        "日本, model_",
        "Ünïcode, n_code",
        "İstanbul, i_stanbul",
        "float, model_float",
        "class, model_class",
        "string, model_string",
        "math, model_math",
        "thimble, model_thimble",
        "a/../b\\c, a_b_c",
      })
  void modelsGiveNames(String model, String name) {
    assertThat(CName.of(model).lower()).isEqualTo(name);
  }

  @Test
  void longNamesAreCutToFortyCharacters() {
    assertThat(CName.of("a".repeat(100)).lower()).isEqualTo("a".repeat(40));
    assertThat(CName.of("9".repeat(100)).lower()).isEqualTo("model_" + "9".repeat(34));
    assertThat(new CName("a".repeat(40)).upper()).isEqualTo("A".repeat(40));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Vww", "3x3", "_a", "a-b", "a b", "ä", "int", "thimble", "stdint"})
  void namesThatCannotNameSymbolsAreRefused(String name) {
    assertThatThrownBy(() -> new CName(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "name '"
                + name
                + "' cannot name C symbols: use at most 40 lower-case letters, digits and"
                + " underscores, a letter first, and no word of the C language or header of its"
                + " library");
  }

  @Test
  void aNameOfMoreThanFortyCharactersIsRefused() {
    assertThatThrownBy(() -> new CName("a".repeat(41))).hasMessageContaining("at most 40");
  }

  @Test
  void aNameWhoseSymbolsTheKernelsHaveIsRefused() {
    GoldenGraph golden = GoldenGraph.of("conv_relu");
    assertThatThrownBy(() ->
            CodeGenerator.generate(
                golden.plan(), new CName("conv2d_s8"), golden.rounding(), "a file"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "name 'conv2d_s8' would clash with the kernels' conv2d_s8_run; choose another name");
  }
}
