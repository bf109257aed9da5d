package dev.thimble;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Who may import whom. A room is a package below {@code dev.thimble}, sub-packages included. */
class RoomsTest {
  private static final String ROOT = "dev.thimble";

  /** The root package itself: the pipeline in one file. */
  private static final String PIPELINE = "";

  /** Room to what it may import; what that may import is open to it too. */
  private static final Map<String, List<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("tensor", List.of()),
          Map.entry("op", List.of("tensor")),
          Map.entry("graph", List.of("op")),
          Map.entry("target", List.of("tensor")),
          Map.entry("exporter", List.of("graph")),
          Map.entry("importer", List.of("graph")),
          Map.entry("rewrite", List.of("graph", "target")),
          Map.entry("quant", List.of("graph")),
          Map.entry("kernel", List.of("op", "target")),
          Map.entry("schedule", List.of("graph", "target", "kernel")),
          Map.entry("codegen", List.of("schedule", "kernel")),
          Map.entry("toolchain", List.of("codegen")),
          Map.entry(
              PIPELINE, List.of("importer", "rewrite", "quant", "schedule", "toolchain", "report")),
          Map.entry("search", List.of(PIPELINE)),
          Map.entry("report", List.of()));

  /** The room that may also import the result records of all others, and nothing else of theirs. */
  private static final String READS_RECORDS = "report";

  private static final JavaClasses COMPILER =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
          .importPackages(ROOT);

  @TestFactory
  Stream<DynamicTest> everyRoomImportsOnlyWhatItMay() {
    return MAY_IMPORT.keySet().stream()
        .sorted()
        .map(room -> dynamicTest(label(room), () -> rule(room).check(COMPILER)));
  }

  @Test
  void theRoomsAreThoseOfTheTable() {
    Set<String> rooms = new TreeSet<>();
    for (JavaClass type : COMPILER) {
      rooms.add(roomOf(type.getPackageName()));
    }
    assertThat(rooms).isEqualTo(MAY_IMPORT.keySet());
  }

  @Test
  void theTableHasNoCycle() {
    for (String room : MAY_IMPORT.keySet()) {
      for (String direct : MAY_IMPORT.get(room)) {
        assertThat(reachable(direct)).as("what %s may import", label(direct)).doesNotContain(room);
      }
    }
  }

  private static ArchRule rule(String room) {
    Set<String> open = reachable(room);
    List<String> names = new ArrayList<>(open.stream().map(RoomsTest::label).sorted().toList());
    if (room.equals(READS_RECORDS)) {
      names.add("result records");
    }
    return classes()
        .that(describe("live in " + label(room), type -> inRoom(type, room)))
        .should()
        .onlyDependOnClassesThat(
            describe("live in " + String.join(", ", names), type -> mayImport(room, open, type)))
        .allowEmptyShould(true);
  }

  private static boolean mayImport(String room, Set<String> open, JavaClass type) {
    String packageName = type.getBaseComponentType().getPackageName();
    if (!packageName.equals(ROOT) && !packageName.startsWith(ROOT + ".")) {
      return true;
    }
    return open.contains(roomOf(packageName))
        || (room.equals(READS_RECORDS) && isData(type.getBaseComponentType()));
  }

  /** Records, enums, and the interfaces that group them. */
  private static boolean isData(JavaClass type) {
    return type.isRecord() || type.isEnum() || type.isInterface();
  }

  private static boolean inRoom(JavaClass type, String room) {
    return roomOf(type.getPackageName()).equals(room);
  }

  private static String roomOf(String packageName) {
    if (packageName.equals(ROOT)) {
      return PIPELINE;
    }
    String below = packageName.substring(ROOT.length() + 1);
    int dot = below.indexOf('.');
    return dot < 0 ? below : below.substring(0, dot);
  }

  /** {@code room} and all that it may import, directly or not. */
  private static Set<String> reachable(String room) {
    Set<String> seen = new TreeSet<>();
    List<String> open = new ArrayList<>(List.of(room));
    while (!open.isEmpty()) {
      String next = open.removeLast();
      if (seen.add(next)) {
        open.addAll(MAY_IMPORT.get(next));
      }
    }
    return seen;
  }

  private static String label(String room) {
    return room.equals(PIPELINE) ? ROOT : room;
  }
}
