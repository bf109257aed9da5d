package dev.thimble.importer.pytorch.archive;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A tensor as it lies in an archive: a view of a storage, which others may share.
 *
 * @param storage the storage's bytes, little-endian; not to be written to
 * @param strides in elements
 * @param offset of the first element, in elements
 */
record StoredTensor(
    ElementKind kind, ByteBuffer storage, List<Integer> dims, List<Long> strides, long offset) {
  StoredTensor {
    dims = List.copyOf(dims);
    strides = List.copyOf(strides);
  }

  /** The elements in row-major order, once every one of them is known to lie in the storage. */
  ExportedTensor read(Source source, String place) {
    long elements = 1;
    long last = offset;
    for (int axis = 0; axis < dims.size(); axis++) {
      int dim = dims.get(axis);
      long stride = strides.get(axis);
      if (dim < 0 || stride < 0 || stride > Integer.MAX_VALUE) {
        throw source.malformed(place, "has the shape " + dims + " and the strides " + strides);
      }
      elements *= dim;
      last += (dim - 1) * stride;
      source.take(place, elements > Integer.MAX_VALUE ? Long.MAX_VALUE : 0);
    }
    source.take(place, elements * kind.bytes());
    long needed = elements == 0 ? 0 : (last + 1) * kind.bytes();
    if (offset < 0 || last > Integer.MAX_VALUE || needed > storage.limit()) {
      throw source.malformed(
          place,
          kind.text()
              + dims
              + " with strides "
              + strides
              + " from element "
              + offset
              + " needs "
              + needed
              + " bytes, its storage has "
              + storage.limit());
    }
    byte[] packed = new byte[(int) elements * kind.bytes()];
    copy(packed);
    return new ExportedTensor(kind, dims, packed);
  }

  private void copy(byte[] packed) {
    int bytes = kind.bytes();
    int[] at = new int[dims.size()];
    long from = offset;
    for (int to = 0; to < packed.length; to += bytes) {
      storage.get((int) (from * bytes), packed, to, bytes);
      for (int axis = at.length - 1; axis >= 0; axis--) {
        from += strides.get(axis);
        if (++at[axis] < dims.get(axis)) {
          break;
        }
        from -= at[axis] * strides.get(axis);
        at[axis] = 0;
      }
    }
  }
}
