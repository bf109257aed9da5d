package dev.thimble.graph;

import dev.thimble.tensor.Shape;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes and reads a record's components by their declared types, so that an op's attributes need
 * no text form of their own: {@code (stride=(height=2, width=2), groups=1, activation=RELU)}.
 */
final class AttributeText {
  private static final String DOUBLES = "java.util.List<java.lang.Double>";

  private AttributeText() {}

  static String print(Object value) {
    if (value instanceof Record attributes) {
      List<String> parts = new ArrayList<>();
      for (RecordComponent component : attributes.getClass().getRecordComponents()) {
        parts.add(component.getName() + "=" + print(get(attributes, component)));
      }
      return "(" + String.join(", ", parts) + ")";
    }
    return value instanceof Enum<?> constant ? constant.name() : String.valueOf(value);
  }

  /** Reads a record of this class; throws {@link GraphException} where the text is not one. */
  static <T> T readRecord(TextCursor cursor, Class<T> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments = new Object[components.length];
    cursor.expect("(");
    for (int i = 0; i < components.length; i++) {
      if (i > 0) {
        cursor.expect(",");
      }
      cursor.expect(components[i].getName());
      cursor.expect("=");
      arguments[i] =
          components[i].getGenericType().getTypeName().equals(DOUBLES)
              ? cursor.doubles()
              : read(cursor, components[i].getType());
    }
    cursor.expect(")");
    return construct(cursor, type, arguments);
  }

  private static Object read(TextCursor cursor, Class<?> type) {
    if (type.isRecord()) {
      return readRecord(cursor, type);
    }
    if (type == Shape.class) {
      return Shape.of(cursor.ints());
    }
    if (type == List.class) {
      return Arrays.stream(cursor.ints()).boxed().toList();
    }
    if (type == int.class) {
      return cursor.integer();
    }
    if (type == float.class) {
      return cursor.real();
    }
    String word = cursor.word();
    if (type == double.class) {
      try {
        return Double.parseDouble(word);
      } catch (NumberFormatException e) {
        throw cursor.errorAtToken("'" + word + "' is no number");
      }
    }
    if (type == boolean.class && (word.equals("true") || word.equals("false"))) {
      return word.equals("true");
    }
    if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(word)) {
          return constant;
        }
      }
    }
    throw cursor.errorAtToken("'" + word + "' is no " + type.getSimpleName());
  }

  private static <T> T construct(TextCursor cursor, Class<T> type, Object[] arguments) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw cursor.error(type.getSimpleName() + ": " + e.getTargetException().getMessage());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object get(Record attributes, RecordComponent component) {
    try {
      return component.getAccessor().invoke(attributes);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
