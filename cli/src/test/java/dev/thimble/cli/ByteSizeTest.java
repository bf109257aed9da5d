package dev.thimble.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "16384, 16384",
    "16K, 16384",
    "16k, 16384",
    "16KB, 16384",
    "16KiB, 16384",
    "16 kb, 16384",
    "1M, 1048576",
    "1MiB, 1048576",
    "100B, 100",
    "999999999999M, 1048575999998951424",
  })
  void sizesAreRead(String text, long bytes) {
    assertThat(ByteSize.parse("--ram", text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "K", "-1", "1.5K", "16G", "0x10", "16 K B", "16iB", "1e3", "١٦"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> ByteSize.parse("--ram", text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--ram '" + text + "' is no size; write bytes, or a number with K or M");
  }

  @Test
  void thousandsAreGroupedAlikeEverywhere() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(ByteSize.grouped(1234567)).isEqualTo("1,234,567");
    } finally {
      Locale.setDefault(before);
    }
  }
}
