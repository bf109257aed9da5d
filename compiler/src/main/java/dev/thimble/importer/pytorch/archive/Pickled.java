package dev.thimble.importer.pytorch.archive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a pickle of weights consists of. Lists and dictionaries grow while they are read. */
sealed interface Pickled {
  /** None, or an object whose content weights do not depend on. */
  enum Nothing implements Pickled {
    NONE
  }

  record Text(String value) implements Pickled {}

  record Whole(long value) implements Pickled {}

  record Real(double value) implements Pickled {}

  record Truth(boolean value) implements Pickled {}

  /** A list or a tuple. */
  final class Items implements Pickled {
    final List<Pickled> items;

    Items(List<Pickled> items) {
      this.items = new ArrayList<>(items);
    }
  }

  /** A dictionary with texts as keys; entries with other keys are dropped. */
  final class Dict implements Pickled {
    final Map<String, Pickled> entries = new LinkedHashMap<>();
  }

  /** A class or function by its name; one of those that are allowed. */
  record Global(String name) implements Pickled {}

  /** A storage that lies beside the pickle. */
  record Storage(String kind, String key, long elements) implements Pickled {}

  record StoredValue(StoredTensor tensor) implements Pickled {}
}
