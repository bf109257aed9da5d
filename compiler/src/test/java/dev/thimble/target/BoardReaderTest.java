package dev.thimble.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoardReaderTest {
  private static final String MINE =
      """
      {
        "name": "mine",
        "part": "X1",
        "target": "m4",
        "clock_mhz": 64.5,
        "clock_source": "data sheet 1",
        "regions": [
          {"name": "ram", "kind": "ram", "bytes": "64K", "address": "0x20000000",
           "executable": true, "dma": true, "source": "data sheet 1"},
          {"name": "serial", "kind": "external_flash", "bytes": 2000000,
           "random_wait_states": 40, "executable": false, "dma": false, "source": "data sheet 2"}
        ]
      }
      """;

  @Test
  void aDescriptionIsRead() {
    Board board = BoardReader.read(MINE, "mine.json");
    assertThat(board.title()).isEqualTo("mine");
    assertThat(board.target()).isEqualTo(Target.CORTEX_M4);
    assertThat(board.clockMhz()).isEqualTo(64.5);
    assertThat(board.activePower()).isEmpty();
    assertThat(board.ramBytes()).isEqualTo(65536);
    assertThat(board.flashBytes()).isZero();
    assertThat(board.regions().get(1).address()).isEqualTo(OptionalLong.empty());
    assertThat(board.regions().get(1).mapped()).isFalse();
    assertThat(board.sources()).containsExactly("data sheet 1", "data sheet 2");
  }

  @Test
  void aMarkOfTheByteOrderIsNoPartOfADescription() {
    assertThat(BoardReader.read("\uFEFF" + MINE, "mine.json"))
        .isEqualTo(BoardReader.read(MINE, "mine.json"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"part\": \"X1\", | `` | part: is missing; give a text in quotes",
        "\"m4\" | \"m5\" | target: unknown target 'm5'; known are portable, ",
        "64.5 | -1 | clock_mhz: found -1; give a number above 0",
        "64.5 | \"fast\" | clock_mhz: found \"fast\"; give a number above 0",
        "\"64K\" | \"64k\" | regions[0].bytes: found \"64k\"; give a number of bytes above 0, such",
        "\"64K\" | 0 | regions[0].bytes: found 0; give a number of bytes above 0, such as 65536",
        "\"0x20000000\" | 536870912 | regions[0].address: found 536870912; give an address of up"
            + " to",
        "\"dma\": true | \"dma\": 1 | regions[0].dma: found 1; give true or false",
        "\"64K\" | 4294967296 | region 'ram' ends beyond the addresses of 32 bits",
        "\"0x20000000\" | \"0xFFFF0001\" | region 'ram' ends beyond the addresses of 32 bits",
        "\"ram\", \"bytes\" | \"rom\", \"bytes\" | regions[0].kind: found \"rom\"; give one of ram,"
            + " flash,",
        "random_wait_states | wait_states | regions[1].wait_states: there is no such field; known"
            + " are",
        "40 | 1.5 | regions[1].random_wait_states: found 1.5; give a whole number of cycles from 0",
        "\"executable\": false | \"executable\": true | region 'serial' is executable and has no"
            + " address",
        "\"serial\" | \"ram\" | board 'mine' has two regions 'ram'",
        "\"external_flash\", | \"flash\", \"address\": \"0x2000FFFF\", | board 'mine': regions"
            + " 'ram' and",
        "\"kind\": \"ram\" | \"kind\": \"flash\" | board 'mine' has no RAM with an address",
      })
  void faultsAreNamedWithFieldAndRemedy(String found, String changed, String message) {
    String text = MINE.replaceFirst(Pattern.quote(found), changed);
    assertThat(text).isNotEqualTo(MINE);
    assertThatThrownBy(() -> BoardReader.read(text, "mine.json"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("mine.json is no board description:\n  " + message)
        .hasMessageContaining("docs/boards.md");
  }

  @Test
  void whatHidesWaitStatesIsRead() {
    String cached =
        MINE.replace(
            "\"random_wait_states\": 40,",
            "\"random_wait_states\": 40, \"cache\": {\"name\": \"lines\", \"code_bytes\":"
                + " \"1K\", \"data_bytes\": 0, \"line_bytes\": 16},");
    assertThat(BoardReader.read(cached, "mine.json").regions().get(1).cache())
        .contains(new Region.Cache("lines", 1024, 0, 16));
    assertThatThrownBy(() -> BoardReader.read(cached.replace("1K", "-1"), "mine.json"))
        .hasMessageContaining("regions[1].cache.code_bytes: found \"-1\"; give a number of bytes");
    assertThatThrownBy(() -> BoardReader.read(cached.replace("16}", "0}"), "mine.json"))
        .hasMessageContaining("regions[1].cache.line_bytes: found 0");
  }

  @Test
  void allFaultsStandInOneMessage() {
    assertThatThrownBy(() -> BoardReader.read("{\"name\": 3, \"regions\": [{}, 7]}", "mine.json"))
        .hasMessageContaining("  name: found 3; give a text in quotes")
        .hasMessageContaining("  part: is missing")
        .hasMessageContaining("  regions[0].bytes: is missing")
        .hasMessageContaining("  regions[1]: found 7; give an object of fields in { }");
  }

  @Test
  void whatIsNoJsonIsRefusedWithItsLine() {
    assertThatThrownBy(() -> BoardReader.read("{\n\"name\": }", "mine.json"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("mine.json is no board description: not JSON in line 2: ");
    assertThatThrownBy(() -> BoardReader.read(MINE + "{}", "mine.json"))
        .hasMessageContaining("not JSON in line");
    assertThatThrownBy(() -> BoardReader.read("", "mine.json"))
        .hasMessageStartingWith("mine.json is no board description:");
    assertThatThrownBy(() -> BoardReader.read("[]", "mine.json"))
        .hasMessageContaining("the document: found []; give an object of fields in { }");
  }

  @Test
  void aRepeatedFieldIsRefused() {
    assertThatThrownBy(() -> BoardReader.read("{\"name\": \"a\", \"name\": \"b\"}", "mine.json"))
        .hasMessageContaining("uplicate");
  }
}
