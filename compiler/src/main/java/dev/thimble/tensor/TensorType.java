package dev.thimble.tensor;

/** Element type, shape and quantisation of a tensor. */
public record TensorType(DType dtype, Shape shape, QuantParams quant) {
  public TensorType {
    if (dtype.isFloat() && !(quant instanceof QuantParams.None)) {
      throw new IllegalArgumentException("a float tensor carries no quantisation, had " + quant);
    }
    if (quant instanceof QuantParams.PerTensor p
        && (p.zeroPoint() < dtype.min() || p.zeroPoint() > dtype.max())) {
      throw new IllegalArgumentException(
          "zero point " + p.zeroPoint() + " lies outside " + dtype.reportName());
    }
    if (quant instanceof QuantParams.PerChannel p
        && (p.axis() >= shape.rank() || p.scales().size() != shape.dim(p.axis()))) {
      throw new IllegalArgumentException(
          p.scales().size() + " scales on axis " + p.axis() + " do not fit shape " + shape);
    }
  }

  public static TensorType of(DType dtype, Shape shape) {
    return new TensorType(dtype, shape, QuantParams.NONE);
  }

  public static TensorType float32(int... dims) {
    return of(DType.FLOAT32, Shape.of(dims));
  }

  /** An int8 type with one scale and zero point. */
  public static TensorType int8(float scale, int zeroPoint, int... dims) {
    return new TensorType(DType.INT8, Shape.of(dims), new QuantParams.PerTensor(scale, zeroPoint));
  }

  public TensorType withShape(Shape changed) {
    return new TensorType(dtype, changed, quant);
  }

  public int elements() {
    return shape.elements();
  }

  public long bytes() {
    return (long) shape.elements() * dtype.bytes();
  }

  public boolean isFloat() {
    return dtype.isFloat();
  }

  /** Whether the elements are integers that stand for real numbers. */
  public boolean isQuantized() {
    return !(quant instanceof QuantParams.None);
  }

  /** The scale of a per-tensor type; throws {@link IllegalStateException} for any other. */
  public float scale() {
    return perTensor().scale();
  }

  /** The zero point of a per-tensor type; throws {@link IllegalStateException} for any other. */
  public int zeroPoint() {
    return perTensor().zeroPoint();
  }

  /** The scale of one channel, whether the scales are per tensor or per channel. */
  public float scaleOf(int channel) {
    return switch (quant) {
      case QuantParams.PerTensor p -> p.scale();
      case QuantParams.PerChannel p -> p.scales().get(channel);
      case QuantParams.None n -> throw new IllegalStateException("no scale: " + this);
    };
  }

  /** The type as messages name it, such as {@code int8[1,4] scale 0.5 zero point 3}. */
  @Override
  public String toString() {
    String suffix =
        switch (quant) {
          case QuantParams.None n -> "";
          case QuantParams.PerTensor p -> " scale " + p.scale() + " zero point " + p.zeroPoint();
          case QuantParams.PerChannel p -> " per channel along axis " + p.axis();
        };
    return dtype.reportName() + shape + suffix;
  }

  private QuantParams.PerTensor perTensor() {
    if (quant instanceof QuantParams.PerTensor p) {
      return p;
    }
    throw new IllegalStateException("not quantised per tensor: " + this);
  }
}
