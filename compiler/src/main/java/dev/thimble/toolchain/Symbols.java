package dev.thimble.toolchain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The symbols of an ELF file, as {@code nm -S} lists them. */
final class Symbols {
  private final Map<String, Symbol> symbols = new HashMap<>();

  /** An address, without the bit that marks Thumb code, and a size, 0 where none is known. */
  record Symbol(long address, long size) {
    String start() {
      return "0x" + Long.toHexString(address);
    }

    String range() {
      return start() + " 0x" + Long.toHexString(address + size);
    }
  }

  static Symbols read(Path folder, Path nm, String elf) throws IOException {
    Symbols result = new Symbols();
    for (String line : new Command(folder, nm).add("-S", elf).runOrFail().lines().toList()) {
      String[] words = line.strip().split("\\s+");
      if (words.length >= 3 && words[0].matches("[0-9a-f]+")) {
        long size = words.length == 4 ? Long.parseLong(words[1], 16) : 0;
        result.symbols.put(
            words[words.length - 1], new Symbol(Long.parseLong(words[0], 16) & ~1L, size));
      }
    }
    return result;
  }

  Optional<Symbol> find(String name) {
    return Optional.ofNullable(symbols.get(name));
  }

  Symbol require(String name) {
    return find(name)
        .orElseThrow(() -> new ToolException("the linked program has no symbol '" + name + "'"));
  }
}
