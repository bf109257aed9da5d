package dev.thimble.target;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Boards as the maps and lists that a JSON writer takes, in the format of {@link BoardReader}. */
public final class BoardWriter {
  private BoardWriter() {}

  /** The board's fields, in the order in which the documentation lists them. */
  public static Map<String, Object> fields(Board board) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", board.name());
    map.put("aliases", board.aliases());
    map.put("title", board.title());
    map.put("part", board.part());
    map.put("target", board.target().text());
    map.put("clock_mhz", number(board.clockMhz()));
    map.put("clock_source", board.clockSource());
    board.activePower().ifPresent(power -> map.put("active_power", fields(power)));
    List<Map<String, Object>> regions = board.regions().stream().map(BoardWriter::fields).toList();
    map.put("regions", regions);
    return map;
  }

  private static Map<String, Object> fields(Board.ActivePower power) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("milliamperes", number(power.milliamperes()));
    map.put("volts", number(power.volts()));
    map.put("mhz", number(power.mhz()));
    map.put("conditions", power.conditions());
    map.put("source", power.source());
    return map;
  }

  private static Map<String, Object> fields(Region region) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", region.name());
    map.put("kind", region.kind().name().toLowerCase(Locale.ROOT));
    map.put("bytes", region.bytes());
    region
        .address()
        .ifPresent(address -> map.put("address", String.format(Locale.ROOT, "0x%08X", address)));
    region.sequentialWaitStates().ifPresent(n -> map.put("sequential_wait_states", n));
    region.randomWaitStates().ifPresent(n -> map.put("random_wait_states", n));
    map.put("executable", region.executable());
    map.put("dma", region.dma());
    region.section().ifPresent(section -> map.put("section", section));
    region.cache().ifPresent(cache -> map.put("cache", fields(cache)));
    map.put("source", region.source());
    return map;
  }

  private static Map<String, Object> fields(Region.Cache cache) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", cache.name());
    map.put("code_bytes", cache.codeBytes());
    map.put("data_bytes", cache.dataBytes());
    map.put("line_bytes", cache.lineBytes());
    return map;
  }

  /** Whole numbers without a decimal point, as people write them. */
  private static Number number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9 ? (Number) (long) value : value;
  }
}
