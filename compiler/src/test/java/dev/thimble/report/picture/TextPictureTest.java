package dev.thimble.report.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextPictureTest {
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]+m");

  @Test
  void blocksShowTheArenaFromBottomToTop() {
    assertThat(TextPicture.write(Pictures.small("conv"), new TextStyle(64, true, false)))
        .isEqualTo(
            """
            peak: 900 of 1,000 bytes in use, pool of conv
                                                  ▼
                 1,000 │                     ██████████
                       │                     ██████████
                       │                     ████C█████
                       │                     ██████████
                   750 │          ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓
                       │          ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓
                       │          ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓
                       │          ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓
                       │          ▓▓▓▓▓▓▓▓▓▓A▓▓▓▓▓▓▓▓▓▓
                   500 │          ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓
                       │          ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓
                       │          ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓
                       │░░░░░░░░░░░░░░░░░░░░░     ┊    ░░░░░░░░░░░░░░░░░░░░░
                       │░░░░░░░░░░░░░░░░░░░░░     ┊    ░░░░░░░░░░E░░░░░░░░░░
                   250 │░░░░░░░░░░░░░░░░░░░░░▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                       │░░░░░░░░░░░░░░░░░░░░░▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                       │░░░░░░░░░░D░░░░░░░░░░▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                       │░░░░░░░░░░░░░░░░░░░░░▒▒▒▒▒▒▒▒▒▒B▒▒▒▒▒▒▒▒▒▒
                       │░░░░░░░░░░░░░░░░░░░░░▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                       │░░░░░░░░░░░░░░░░░░░░░▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                     0 └┬─────────┬──────────┬────▲────┬──────────┬─────────
                        before    conv       poo… conv fc         after
                in use  ▄▄▄▄▄▄▄▄▄▄▇▇▇▇▇▇▇▇▇▇████████████▄▄▄▄▄▄▄▄▄▄▁▁▁▁▁▁▁▁▁▁

            A conv  B pool  C pool scratch  D image  E scores

            naive        ████████████████ 1,400 bytes
            greedy       ███████████▍ 1,000 bytes (-29%), taken

            at the peak:
                     bytes   share       offset  kind       value
            A          400   40.0%          400  activation conv
            B          300   30.0%            0  activation pool
            C          200   20.0%          800  scratch    pool scratch
                       100   10.0%                          free
            """);
  }

  @Test
  void lettersShowItWhereTheTerminalHasNoBlocks() {
    assertThat(TextPicture.write(Pictures.small("conv"), new TextStyle(52, false, false)))
        .isEqualTo(
            """
            peak: 900 of 1,000 bytes in use, pool of conv
                                            v
                 1,000 |                CCCCCCCC
                       |                CCCCCCCC
                       |                CCCCCCCC
                       |                CCCCCCCC
                   750 |        AAAAAAAAAAAAAAAA
                       |        AAAAAAAAAAAAAAAA
                       |        AAAAAAAAAAAAAAAA
                       |        AAAAAAAAAAAAAAAA
                       |        AAAAAAAAAAAAAAAA
                   500 |        AAAAAAAAAAAAAAAA
                       |        AAAAAAAAAAAAAAAA
                       |        AAAAAAAAAAAAAAAA
                       |DDDDDDDDDDDDDDDD    :   EEEEEEEEEEEEEEEE
                       |DDDDDDDDDDDDDDDD    :   EEEEEEEEEEEEEEEE
                   250 |DDDDDDDDDDDDDDDDBBBBBBBBBBBBBBBB
                       |DDDDDDDDDDDDDDDDBBBBBBBBBBBBBBBB
                       |DDDDDDDDDDDDDDDDBBBBBBBBBBBBBBBB
                       |DDDDDDDDDDDDDDDDBBBBBBBBBBBBBBBB
                       |DDDDDDDDDDDDDDDDBBBBBBBBBBBBBBBB
                       |DDDDDDDDDDDDDDDDBBBBBBBBBBBBBBBB
                     0 ++-------+-------+---^---+-------+-------
                        before  conv    po~conv fc      after
                in use  ========%%%%%%%%########========........

            A conv  B pool  C pool scratch  D image  E scores

            naive        ######## 1,400 bytes
            greedy       ##### 1,000 bytes (-29%), taken

            at the peak:
                     bytes   share       offset  kind       valu
            A          400   40.0%          400  activation conv
            B          300   30.0%            0  activation pool
            C          200   20.0%          800  scratch    pool
                       100   10.0%                          free
            """);
  }

  @Test
  void coloursChangeOnlyHowCellsLook() {
    ArenaPicture small = Pictures.small("conv");
    String coloured = TextPicture.write(small, new TextStyle(64, true, true));
    assertThat(coloured).contains("\u001b[30;48;5;");
    assertThat(COLOUR.matcher(coloured).replaceAll("").lines())
        .hasSameSizeAs(TextPicture.write(small, new TextStyle(64, true, false)).lines().toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80, 237})
  void noLineIsWiderThanTheTerminalAndAllIsAscii(int width) {
    ArenaPicture many = Pictures.random(7, 5000, 300, 20);
    String text = TextPicture.write(many, new TextStyle(width, false, false));
    assertThat(text).matches(Pattern.compile("[\\n\\x20-\\x7e]*"));
    assertThat(text.lines()).allMatch(line -> line.length() <= width);
  }

  @Test
  void hostileNamesMoveNoCursor() {
    ArenaPicture evil = Pictures.small("\u001b[2J\r\n\u202e<script>");
    assertThat(TextPicture.write(evil, new TextStyle(100, true, false)))
        .contains("<script>")
        .doesNotContain("\u001b", "\r", "\u202e");
  }

  @Test
  void aTerminalTooNarrowIsRefused() {
    assertThatThrownBy(() -> new TextStyle(39, true, true))
        .hasMessage("a picture needs 40 columns, not 39");
  }
}
