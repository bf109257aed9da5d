package dev.thimble.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.report.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BoardsTest {
  static List<Board> boards() {
    return Boards.all();
  }

  @Test
  void everyDescriptionInTheResourcesIsABoardOfItsName() throws Exception {
    Path folder = Path.of(BoardsTest.class.getResource("/boards/pico.json").toURI()).getParent();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Boards.all().stream().map(board -> board.name() + ".json").toList());
    }
  }

  @Test
  void theVendorsAndCoresThatMostBoardsHaveAreThere() {
    for (String part :
        List.of(
            "stm32f407",
            "stm32l475",
            "stm32l4r5",
            "stm32h743",
            "stm32u575",
            "nrf52840",
            "rp2040",
            "rp2350",
            "fe310-g002",
            "gd32vf103",
            "esp32-c3")) {
      assertThat(Boards.all())
          .as(part)
          .anyMatch(board -> board.part().toLowerCase(Locale.ROOT).startsWith(part));
    }
    assertThat(Boards.all()).anyMatch(board -> board.target() == Target.CORTEX_M55);
  }

  @Test
  void wherePartOfTheFlashIsHiddenTheBoardSaysByWhat() {
    Region flash = Boards.ofName("stm32f407").programMemory().orElseThrow();
    assertThat(flash.randomWaitStates()).hasValue(5);
    assertThat(flash.cache().orElseThrow().lineBytes()).isEqualTo(16);
    assertThat(flash.cache().orElseThrow().codeBytes()).isEqualTo(1024);
  }

  @Test
  void noNameMeansTwoBoards() {
    Set<String> names = new HashSet<>();
    for (Board board : Boards.all()) {
      Stream.concat(Stream.of(board.name()), board.aliases().stream())
          .forEach(name -> {
            assertThat(name)
                .isEqualTo(name.toLowerCase(Locale.ROOT))
                .matches("[a-z0-9][a-z0-9._-]*");
            assertThat(names.add(name)).as(name).isTrue();
          });
    }
  }

  @ParameterizedTest
  @MethodSource("boards")
  void everyBoardHasRamFlashAndSources(Board board) {
    assertThat(board.ramBytes()).isPositive();
    assertThat(board.flashBytes()).isPositive();
    assertThat(board.target()).isNotEqualTo(Target.PORTABLE);
    assertThat(board.sources()).isNotEmpty().noneMatch(String::isBlank);
  }

  @ParameterizedTest
  @MethodSource("boards")
  void aBoardThatIsWrittenReadsBackTheSame(Board board) {
    String json = Json.write(BoardWriter.fields(board));
    assertThat(BoardReader.read(json, "a test")).isEqualTo(board);
  }

  @Test
  void boardsAreFoundByNameOrAliasInAnyCase() {
    assertThat(Boards.ofName("STM32F407-Discovery").part()).isEqualTo("STM32F407VG");
    assertThat(Boards.ofName("rp2040").name()).isEqualTo("pico");
  }

  @Test
  void anUnknownNameIsAnsweredWithNearOnes() {
    assertThatThrownBy(() -> Boards.ofName("nrf52480"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "unknown board 'nrf52480'; did you mean nrf52840-dk or nrf5340-dk? `thimble boards`"
                + " lists all; a file that describes yours ends in .json");
    assertThat(Boards.near("h743")).containsExactly("nucleo-h743zi");
    assertThatThrownBy(() -> Boards.ofName("toaster"))
        .hasMessageStartingWith("unknown board 'toaster'; known are alif-ensemble-e7-he, ");
  }

  @Test
  void regionsAtConsecutiveAddressesCountTogether() {
    assertThat(Boards.ofName("stm32l4r5").ramBytes()).isEqualTo(640 * 1024);
    assertThat(Boards.ofName("stm32h743").ramBytes()).isEqualTo(512 * 1024);
    assertThat(Boards.ofName("stm32l475").ramBytes()).isEqualTo(96 * 1024);
  }

  @Test
  void externalMemoryCountsOnlyWhereThereIsNoOther() {
    Board teensy = Boards.ofName("teensy41");
    assertThat(teensy.ramBytes()).isEqualTo(512 * 1024);
    assertThat(teensy.anyRamBytes()).isEqualTo(8 << 20);
    assertThat(teensy.flashBytes()).isEqualTo(7936 * 1024);
    assertThat(Boards.ofName("stm32l475").flashBytes()).isEqualTo(1 << 20);
  }

  @Test
  void flashWaitStatesAreThoseOfTheProgramsMemory() {
    assertThat(Boards.ofName("stm32f407").flashWaitStates()).hasValue(5);
    assertThat(Boards.ofName("pico").flashWaitStates()).isEmpty();
  }
}
