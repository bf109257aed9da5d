package dev.thimble.importer.pytorch.archive;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * Reads the pickles in which {@code torch.save} lists tensors. A pickle is a program for a stack
 * machine that can name any Python function and call it; this machine knows the few that make
 * tensors and containers, builds records in their place, and refuses every other name. Source:
 * Python's {@code pickletools}, and {@code torch/_utils.py}.
 */
final class PickleReader {
  private static final int MAX_VALUES = 1 << 22;
  private static final Set<String> ALLOWED =
      Set.of(
          "collections OrderedDict",
          "torch Size",
          "torch._utils _rebuild_parameter",
          "torch._utils _rebuild_tensor_v2");

  private final Source source;
  private final String place;
  private final ByteBuffer bytes;
  private final TensorCalls calls;
  private final List<Pickled> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Integer, Pickled> memo = new HashMap<>();

  /**
   * @param place the pickle in messages
   * @param archive the archive that holds the pickle and, beside it, the storages
   */
  PickleReader(Source source, String place, ByteBuffer bytes, TensorCalls calls) {
    this.source = source;
    this.place = place;
    this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.calls = calls;
  }

  /** The pickled value. */
  Pickled read() {
    try {
      while (true) {
        int code = Byte.toUnsignedInt(bytes.get());
        if (code == '.') {
          return pop();
        }
        step(code);
        if (stack.size() + memo.size() > MAX_VALUES) {
          throw malformed("has more than 2^22 values");
        }
      }
    } catch (BufferUnderflowException | NoSuchElementException | IndexOutOfBoundsException e) {
      throw malformed("ends before its value does, or is damaged");
    }
  }

  private void step(int code) {
    switch (code) {
      case 0x80 -> requireProtocol(bytes.get());
      case 0x95 -> bytes.getLong();
      case '}' -> stack.add(new Pickled.Dict());
      case ']', ')' -> stack.add(new Pickled.Items(List.of()));
      case '(' -> marks.add(stack.size());
      case 'N' -> stack.add(Pickled.Nothing.NONE);
      case 0x88 -> stack.add(new Pickled.Truth(true));
      case 0x89 -> stack.add(new Pickled.Truth(false));
      case 'K' -> stack.add(new Pickled.Whole(Byte.toUnsignedLong(bytes.get())));
      case 'M' -> stack.add(new Pickled.Whole(Short.toUnsignedLong(bytes.getShort())));
      case 'J' -> stack.add(new Pickled.Whole(bytes.getInt()));
      case 0x8a -> stack.add(new Pickled.Whole(shortInteger()));
      case 'G' -> stack.add(new Pickled.Real(bigEndianDouble()));
      case 'X' -> stack.add(new Pickled.Text(text(bytes.getInt())));
      case 0x8c -> stack.add(new Pickled.Text(text(Byte.toUnsignedInt(bytes.get()))));
      case 'c' -> stack.add(global(line(), line()));
      case 0x93 -> stack.add(namedOnStack());
      case 'q' -> memo.put(Byte.toUnsignedInt(bytes.get()), top());
      case 'r' -> memo.put(bytes.getInt(), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> stack.add(remembered(Byte.toUnsignedInt(bytes.get())));
      case 'j' -> stack.add(remembered(bytes.getInt()));
      case 't' -> stack.add(new Pickled.Items(aboveMark()));
      case 0x85, 0x86, 0x87 -> stack.add(new Pickled.Items(popped(code - 0x84)));
      case 'a', 'e' -> append(code == 'a' ? popped(1) : aboveMark());
      case 's', 'u' -> put(code == 's' ? popped(2) : aboveMark());
      case 'Q' -> stack.add(storage(pop()));
      case 'R' -> call();
      case 'b' -> pop();
      default -> throw malformed("has the instruction 0x" + Integer.toHexString(code));
    }
  }

  private void requireProtocol(int protocol) {
    if (protocol < 2 || protocol > 5) {
      throw malformed("has protocol " + protocol);
    }
  }

  private Pickled remembered(int index) {
    Pickled value = memo.get(index);
    if (value == null) {
      throw malformed("reads value " + index + ", which it has not kept");
    }
    return value;
  }

  private Pickled top() {
    return stack.getLast();
  }

  private Pickled pop() {
    if (!marks.isEmpty() && marks.getLast() >= stack.size()) {
      throw malformed("takes more values than it has");
    }
    return stack.removeLast();
  }

  private List<Pickled> popped(int count) {
    List<Pickled> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(pop());
    }
    Collections.reverse(values);
    return values;
  }

  private List<Pickled> aboveMark() {
    List<Pickled> above = stack.subList(marks.removeLast(), stack.size());
    List<Pickled> values = List.copyOf(above);
    above.clear();
    return values;
  }

  private void append(List<Pickled> values) {
    if (!(top() instanceof Pickled.Items list)) {
      throw malformed("appends to what is no list");
    }
    list.items.addAll(values);
  }

  private void put(List<Pickled> pairs) {
    if (!(top() instanceof Pickled.Dict dict) || pairs.size() % 2 != 0) {
      throw malformed("puts an entry into what is no dictionary");
    }
    for (int i = 0; i < pairs.size(); i += 2) {
      if (pairs.get(i) instanceof Pickled.Text key) {
        dict.entries.put(key.value(), pairs.get(i + 1));
      }
    }
  }

  private Pickled namedOnStack() {
    List<Pickled> names = popped(2);
    if (names.get(0) instanceof Pickled.Text module && names.get(1) instanceof Pickled.Text name) {
      return global(module.value(), name.value());
    }
    throw malformed("names a function by what is no text");
  }

  private Pickled global(String module, String name) {
    String global = module + " " + name;
    boolean storage = module.equals("torch") && ElementKind.ofStorage(name).isPresent();
    if (!storage && !ALLOWED.contains(global)) {
      throw source.unsupported(
          place,
          "names "
              + Source.quoted(module + "." + name)
              + ", which a list of tensors has no need of; nothing of it has been executed",
          "save a model whose weights are ordinary tensors, or its state_dict() alone");
    }
    return new Pickled.Global(global);
  }

  private Pickled storage(Pickled id) {
    if (id instanceof Pickled.Items tuple
        && tuple.items.size() == 5
        && tuple.items.get(0).equals(new Pickled.Text("storage"))
        && tuple.items.get(1) instanceof Pickled.Global(String kind)
        && tuple.items.get(2) instanceof Pickled.Text(String key)
        && tuple.items.get(4) instanceof Pickled.Whole(long elements)) {
      return new Pickled.Storage(kind.substring(kind.indexOf(' ') + 1), key, elements);
    }
    throw malformed("refers to a storage in no form that PyTorch writes");
  }

  private void call() {
    Pickled arguments = pop();
    Pickled function = pop();
    if (!(arguments instanceof Pickled.Items tuple)
        || !(function instanceof Pickled.Global global)) {
      throw malformed("calls what is no function");
    }
    stack.add(
        switch (global.name()) {
          case "collections OrderedDict" -> new Pickled.Dict();
          case "torch Size" -> tuple.items.getFirst();
          case "torch._utils _rebuild_parameter" -> tuple.items.getFirst();
          case "torch._utils _rebuild_tensor_v2" -> calls.tensor(place, tuple.items);
          default -> throw malformed("calls " + Source.quoted(global.name()));
        });
  }

  private String text(int length) {
    if (length < 0 || length > bytes.remaining()) {
      throw malformed("has a text of " + Integer.toUnsignedString(length) + " bytes");
    }
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private String line() {
    int start = bytes.position();
    while (bytes.get() != '\n') {
      // The position moves on to the end of the line.
    }
    int length = bytes.position() - 1 - start;
    return StandardCharsets.UTF_8.decode(bytes.slice(start, length)).toString();
  }

  private long shortInteger() {
    int length = Byte.toUnsignedInt(bytes.get());
    if (length > Long.BYTES) {
      throw malformed("has an integer of " + length + " bytes");
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= Byte.toUnsignedLong(bytes.get()) << (8 * i);
    }
    int unused = Long.SIZE - 8 * length;
    return length == 0 ? 0 : value << unused >> unused;
  }

  private double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(bytes.getLong()));
  }

  private RuntimeException malformed(String what) {
    return source.malformed(place, what);
  }
}
