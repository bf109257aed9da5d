package dev.thimble.kernel;

import dev.thimble.tensor.DType;

/** How kernels of several integer types are told the type: {@code common/stored.h}. */
final class Elements {
  private Elements() {}

  static int code(DType dtype) {
    return switch (dtype) {
      case INT8 -> 0;
      case UINT8 -> 1;
      case INT16 -> 2;
      case INT32 -> 3;
      case FLOAT32, UINT16, UINT32, INT64, BOOL ->
          throw new KernelException(
              dtype.reportName() + " elements; portable kernels take int8, uint8, int16 and int32");
    };
  }
}
