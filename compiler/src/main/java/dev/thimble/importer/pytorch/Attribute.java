package dev.thimble.importer.pytorch;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import com.google.protobuf.ByteString;
import java.util.List;

/** Attributes of ONNX nodes. */
final class Attribute {
  private Attribute() {}

  static AttributeProto of(String name, long value) {
    return named(name, AttributeType.INT).setI(value).build();
  }

  static AttributeProto of(String name, boolean value) {
    return of(name, value ? 1 : 0);
  }

  static AttributeProto of(String name, double value) {
    return named(name, AttributeType.FLOAT).setF((float) value).build();
  }

  static AttributeProto of(String name, String value) {
    return named(name, AttributeType.STRING).setS(ByteString.copyFromUtf8(value)).build();
  }

  static AttributeProto of(String name, List<Long> values) {
    return named(name, AttributeType.INTS).addAllInts(values).build();
  }

  static AttributeProto texts(String name, List<String> values) {
    AttributeProto.Builder texts = named(name, AttributeType.STRINGS);
    values.forEach(value -> texts.addStrings(ByteString.copyFromUtf8(value)));
    return texts.build();
  }

  private static AttributeProto.Builder named(String name, AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }
}
