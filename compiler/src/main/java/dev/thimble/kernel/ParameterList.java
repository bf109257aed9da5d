package dev.thimble.kernel;

import dev.thimble.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Collects the fields of a parameter structure, each checked against its C type's range. */
public final class ParameterList {
  private static final int UINT16_MAX = 0xFFFF;

  private final String prefix;
  private final List<Parameter> parameters;

  public ParameterList() {
    this("", new ArrayList<>());
  }

  private ParameterList(String prefix, List<Parameter> parameters) {
    this.prefix = prefix;
    this.parameters = parameters;
  }

  /** The same list, whose next fields belong to the structure that is its field of this name. */
  public ParameterList inside(String field) {
    return new ParameterList(prefix + field + ".", parameters);
  }

  /** A field that any int fits. */
  public ParameterList int32(String field, int value) {
    parameters.add(Parameter.Scalar.of(prefix + field, value));
    return this;
  }

  /** A field that any long fits. */
  public ParameterList int64(String field, long value) {
    parameters.add(new Parameter.Scalar(prefix + field, Literals.ofInteger(value)));
    return this;
  }

  public ParameterList uint16(String field, int value) {
    return checked(field, value, 0, UINT16_MAX);
  }

  public ParameterList int16(String field, int value) {
    return checked(field, value, Short.MIN_VALUE, Short.MAX_VALUE);
  }

  public ParameterList int8(String field, int value) {
    return checked(field, value, Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  /** A field that is 1 or 0. */
  public ParameterList flag(String field, boolean value) {
    return int32(field, value ? 1 : 0);
  }

  public ParameterList float32(String field, float value) {
    parameters.add(Parameter.Scalar.of(prefix + field, value));
    return this;
  }

  /** A field that this C expression initialises, such as a function of the kernel's file. */
  public ParameterList expression(String field, String expression) {
    parameters.add(new Parameter.Scalar(prefix + field, expression));
    return this;
  }

  /** A null pointer. */
  public ParameterList absent(String field) {
    return int32(field, 0);
  }

  public ParameterList table(String field, Parameter.Role role, DType dtype, int[] elements) {
    parameters.add(new Parameter.Table(prefix + field, role, dtype, elements));
    return this;
  }

  public ParameterList table(String field, Parameter.Role role, DType dtype, long[] elements) {
    parameters.add(new Parameter.Table(prefix + field, role, dtype, elements));
    return this;
  }

  public ParameterList table(String field, Parameter.Role role, float[] elements) {
    parameters.add(Parameter.Table.ofFloats(prefix + field, role, elements));
    return this;
  }

  public List<Parameter> toList() {
    return List.copyOf(parameters);
  }

  private ParameterList checked(String field, int value, int min, int max) {
    if (value < min || value > max) {
      throw new KernelException(
          field + " is " + value + "; portable kernels take " + min + " to " + max);
    }
    return int32(field, value);
  }
}
