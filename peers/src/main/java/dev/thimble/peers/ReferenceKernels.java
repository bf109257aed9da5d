package dev.thimble.peers;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.BuiltinOpResolverWithoutDefaultDelegates;
import org.bytedeco.tensorflowlite.MutableOpResolver;
import org.bytedeco.tensorflowlite.TfLiteRegistration;
import org.tensorflow.lite.schema.BuiltinOperator;

/**
 * TensorFlow Lite's reference kernels, which are what its operators mean. Its optimised kernels
 * round otherwise: convolutions once and sums twice, within one network.
 *
 * <p>The library has the reference kernels, but its Java binding names only the resolver of the
 * optimised ones, so the functions that register them are found by their symbols.
 */
final class ReferenceKernels {
  private static final int MAX_VERSION = 32;

  /** Registrations whose names are not those of the operators in the schema. */
  private static final Map<String, Integer> OTHER_NAMES =
      Map.of(
          "AVERAGE_POOL", BuiltinOperator.AVERAGE_POOL_2D,
          "CONVOLUTION", BuiltinOperator.CONV_2D,
          "DEPTHWISE_CONVOLUTION", BuiltinOperator.DEPTHWISE_CONV_2D,
          "L2NORM", BuiltinOperator.L2_NORMALIZATION,
          "L2_POOL", BuiltinOperator.L2_POOL_2D,
          "LOCAL_RESPONSE_NORM", BuiltinOperator.LOCAL_RESPONSE_NORMALIZATION,
          "MAX_POOL", BuiltinOperator.MAX_POOL_2D,
          "TRANSPOSECONV", BuiltinOperator.TRANSPOSE_CONV);

  private ReferenceKernels() {}

  /** The reference kernels of all operators that have one, and the only kernels of the others. */
  static MutableOpResolver resolver() {
    MutableOpResolver resolver = new BuiltinOpResolverWithoutDefaultDelegates();
    SymbolLookup library = library();
    Map<String, Integer> operators = new HashMap<>(OTHER_NAMES);
    for (int code = 0; code < BuiltinOperator.names.length; code++) {
      operators.putIfAbsent(BuiltinOperator.name(code), code);
    }
    operators.forEach((name, code) -> {
      String function = "Register_" + name + "_REF";
      String symbol = "_ZN6tflite3ops7builtin" + function.length() + function + "Ev";
      library
          .find(symbol)
          .map(ReferenceKernels::registration)
          .ifPresent(registration -> replace(resolver, code, registration));
    });
    return resolver;
  }

  /** Replaces the versions of an operator that the library knows, and no others. */
  private static void replace(MutableOpResolver resolver, int code, TfLiteRegistration by) {
    for (int version = 1; version <= MAX_VERSION; version++) {
      if (!Pointer.isNull(resolver.FindOp(code, version))) {
        resolver.AddBuiltin(code, by, version);
      }
    }
  }

  @SuppressWarnings("restricted") // Reading foreign symbols is what this class is for.
  private static SymbolLookup library() {
    String file = Loader.load(org.bytedeco.tensorflowlite.global.tensorflowlite.class);
    return Optional.ofNullable(file)
        .map(path -> SymbolLookup.libraryLookup(path, Arena.global()))
        .orElseThrow(() -> new PeerException("TensorFlow Lite's library is missing"));
  }

  @SuppressWarnings("restricted") // As above.
  private static TfLiteRegistration registration(MemorySegment function) {
    try {
      MemorySegment result =
          (MemorySegment)
              Linker.nativeLinker()
                  .downcallHandle(function, FunctionDescriptor.of(ValueLayout.ADDRESS))
                  .invokeExact();
      return new TfLiteRegistration(new Address(result.address()));
    } catch (Throwable e) {
      throw new PeerException("TensorFlow Lite's reference kernels cannot be registered", e);
    }
  }

  /** An address that is not of this process's Java objects. */
  private static final class Address extends Pointer {
    Address(long address) {
      this.address = address;
    }
  }
}
