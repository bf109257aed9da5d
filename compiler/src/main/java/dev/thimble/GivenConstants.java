package dev.thimble;

import dev.thimble.importer.GivenConstant;
import dev.thimble.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Constants that options give, as a report has them: so that it can be compiled from again. */
final class GivenConstants {
  private GivenConstants() {}

  static Map<String, Object> fields(Map<String, GivenConstant> constants) {
    Map<String, Object> all = new LinkedHashMap<>();
    constants.forEach((name, constant) -> all.put(name, fields(constant)));
    return all;
  }

  private static Map<String, Object> fields(GivenConstant constant) {
    Map<String, Object> fields = new LinkedHashMap<>();
    switch (constant) {
      case GivenConstant.Values values -> fields.put("values", String.join(",", values.numbers()));
      case GivenConstant.Array array -> {
        fields.put("type", array.dtype().reportName());
        fields.put("shape", array.dims());
        fields.put("values", array.data().map(GivenConstants::text).orElse(""));
      }
    }
    return fields;
  }

  /** The numbers as text: a report has no other words for infinities. */
  private static String text(Tensor data) {
    return data.type().isFloat()
        ? IntStream.range(0, data.type().elements())
            .mapToObj(i -> Float.toString(data.floats()[i]))
            .collect(Collectors.joining(","))
        : LongStream.of(data.longs()).mapToObj(Long::toString).collect(Collectors.joining(","));
  }
}
