package dev.thimble.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thimble.quant.NodeLoss;
import dev.thimble.quant.QuantizationLoss;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The names in the JSON documents, which others rely on: fields may be added, never renamed. */
class JsonTest {
  private static final Map<Class<? extends Record>, String> NAMES =
      Map.ofEntries(
          Map.entry(
              CompileReport.class,
              "model inputs outputs name target board options macs_source macs filters_bytes"
                  + " bias_requant_bytes weights_bytes code_bytes stack_bytes arena_bytes arena"
                  + " arena_lower_bound memory_strategy cycles cycles_basis latency_ms"
                  + " latency_ms_basis energy_uj energy_uj_basis nodes steps buffers rewrites"
                  + " alternatives regions prefetch quantization"),
          Map.entry(
              CompileReport.QuantizationRow.class,
              "data samples precision calibrator quality io input_range mean std resize grey"
                  + " methods steps in_float filters precisions int16 int16_values"),
          Map.entry(CompileReport.Int16Row.class, "node op bytes part snr_db_before snr_db_after"),
          Map.entry(CompileReport.FilterRow.class, "node op format bytes loss_alone"),
          Map.entry(CompileReport.InFloat.class, "node op reason"),
          Map.entry(CompileReport.Model.class, "name format sha256 path"),
          Map.entry(
              CompileReport.Port.class, "name dtype shape layout source_shape scale zero_point"),
          Map.entry(CompileReport.Arena.class, "state input output activations scratch holes"),
          Map.entry(
              CompileReport.NodeRow.class,
              "name op kernel output_shape macs weights_bytes instructions cycles streamed"),
          Map.entry(
              CompileReport.RegionRow.class,
              "name offset bytes_used bytes address section accesses"),
          Map.entry(CompileReport.PrefetchRow.class, "node step from offset bytes"),
          Map.entry(CompileReport.StepRow.class, "nodes streamed first last"),
          Map.entry(CompileReport.BufferRow.class, "name offset bytes first last"),
          Map.entry(CompileReport.RewriteRow.class, "rule count"),
          Map.entry(CompileReport.Alternative.class, "strategy arena_bytes cycles"),
          Map.entry(EvaluateReport.class, "model samples labelled variants quantization"),
          Map.entry(EvaluateReport.Variant.class, "accuracy samples metrics confusion"),
          Map.entry(RunReport.class, "results"),
          Map.entry(RunReport.Result.class, "outputs"),
          Map.entry(RunReport.Output.class, "name dtype shape values"),
          Map.entry(VerifyReport.class, "equal samples values_compared targets"),
          Map.entry(VerifyReport.TargetResult.class, "target vlens equal first_difference"),
          Map.entry(VerifyReport.Difference.class, "sample node index expected got"),
          Map.entry(
              ProfileReport.class,
              "target vlen board instructions cycles cycles_basis latency_ms latency_ms_basis"
                  + " energy_uj energy_uj_basis loads stores unaligned element_operations"
                  + " stack_bytes arena_bytes code_bytes weights_bytes regions nodes"),
          Map.entry(ProfileReport.RegionRow.class, "name loads stores load_bytes store_bytes"),
          Map.entry(
              ProfileReport.NodeRow.class,
              "name op macs instructions cycles loads stores element_operations"),
          Map.entry(
              InspectReport.class,
              "model inputs outputs macs parameters constant_bytes nodes memory unsupported"
                  + " in_float picture loss"),
          Map.entry(QuantizationLoss.class, "samples output_snr_db nodes order"),
          Map.entry(
              NodeLoss.class,
              "node op dtype low high seen_low seen_high scale zero_point clipped snr_db"
                  + " accumulated_snr_db output_snr_db cause reason remedy"),
          Map.entry(
              InspectReport.NodeRow.class, "name op attributes output_shape quantization macs"),
          Map.entry(ExportReport.class, "model format file bytes files nodes"),
          Map.entry(DoctorReport.class, "java complete tools"),
          Map.entry(DoctorReport.ToolRow.class, "tool purpose found path install"));

  @TestFactory
  Stream<DynamicTest> recordsHaveTheNamesThatTheContractLists() {
    return NAMES.entrySet().stream()
        .map(entry ->
            dynamicTest(
                entry.getKey().getName(),
                () -> assertThat(names(example(entry.getKey()))).isEqualTo(entry.getValue())));
  }

  @Test
  void everyReportRecordIsListed() {
    List<Class<?>> reports =
        List.of(
            CompileReport.class,
            EvaluateReport.class,
            RunReport.class,
            VerifyReport.class,
            ProfileReport.class,
            InspectReport.class,
            ExportReport.class,
            DoctorReport.class);
    for (Class<?> report : reports) {
      assertThat(NAMES.keySet()).contains(report.asSubclass(Record.class));
      for (Class<?> inner : report.getDeclaredClasses()) {
        assertThat(NAMES.keySet()).contains(inner.asSubclass(Record.class));
      }
    }
  }

  @Test
  void theTextIsIndentedByTwoEndsWithALineEndAndKeepsOrder() {
    Object results =
        new VerifyReport(
            false,
            2,
            30,
            List.of(
                new VerifyReport.TargetResult("portable", List.of(), true, null),
                new VerifyReport.TargetResult(
                    "cortex-m4",
                    List.of(),
                    false,
                    new VerifyReport.Difference(1, "\"é", 5, "3", "4"))));
    assertThat(Json.write(results))
        .isEqualTo(
            """
            {
              "equal" : false,
              "samples" : 2,
              "values_compared" : 30,
              "targets" : [ {
                "target" : "portable",
                "vlens" : [ ],
                "equal" : true,
                "first_difference" : null
              }, {
                "target" : "cortex-m4",
                "vlens" : [ ],
                "equal" : false,
                "first_difference" : {
                  "sample" : 1,
                  "node" : "\\"é",
                  "index" : 5,
                  "expected" : "3",
                  "got" : "4"
                }
              } ]
            }
            """);
  }

  @Test
  void outputsKeepTheKindsOfTheirNumbers() {
    RunReport.Output output =
        new RunReport.Output("y", "float32", List.of(3), List.of(1, 0.1f, -0.0f));
    assertThat(Json.write(output)).contains("\"values\" : [ 1, 0.1, -0.0 ]");
  }

  private static String names(Object record) {
    JsonNode node = Json.read(Json.write(record));
    return String.join(" ", node.propertyNames());
  }

  /** A record of nothing: zeros, nulls, empty texts and lists. */
  private static <T extends Record> T example(Class<T> type) throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values = Arrays.stream(types).map(JsonTest::nothing).toArray();
    return type.getDeclaredConstructor(types).newInstance(values);
  }

  private static Object nothing(Class<?> type) {
    if (type == List.class) {
      return List.of();
    }
    if (type == Map.class) {
      return Map.of();
    }
    if (type == boolean.class) {
      return false;
    }
    if (type == int.class) {
      return 0;
    }
    if (type == double.class) {
      return 0.0;
    }
    return type == long.class ? 0L : null;
  }
}
