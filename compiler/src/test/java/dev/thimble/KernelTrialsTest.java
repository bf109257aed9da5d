package dev.thimble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelImporter;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.choice.TargetKernels;
import dev.thimble.schedule.Preference;
import dev.thimble.target.Target;
import dev.thimble.testing.Examples;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Which kernels a program gets for the memory that it may take. */
class KernelTrialsTest {
  private static final ImportedModel MODEL =
      ModelImporter.read(Examples.file("cifar_net/cifar_net_int8.tflite"));

  private static Compilation compile(Preference prefer, OptionalLong ram, OptionalLong flash) {
    CompileOptions options =
        CompileOptions.DEFAULTS
            .withName("net")
            .withTarget(Target.CORTEX_M4)
            .withPrefer(prefer)
            .withLimits(new Limits(ram, flash, Optional.empty()));
    return Compiler.compile(MODEL, options, Stage.Listener.NONE);
  }

  private static List<Kernel> kernels(Compilation compilation) {
    return KernelWork.of(compilation.plan().schedule()).stream().map(KernelWork::kernel).toList();
  }

  private static long scratch(Compilation compilation) {
    return kernels(compilation).stream().mapToLong(Kernel::scratchBytes).sum();
  }

  @Test
  void speedTakesTheKernelsOfTheInstructionSet() {
    Compilation fast = compile(Preference.SPEED, OptionalLong.empty(), OptionalLong.empty());

    assertThat(kernels(fast))
        .anyMatch(kernel -> kernel.function().equals("conv2d_max_pool_s8_dsp"));
    assertThat(scratch(fast)).isPositive();
  }

  @Test
  void kernelsGiveUpWorkingMemoryUntilAPlanFits() {
    Compilation free = compile(Preference.SPEED, OptionalLong.empty(), OptionalLong.empty());
    Compilation smallest = compile(Preference.RAM, OptionalLong.empty(), OptionalLong.empty());
    long ram = smallest.plan().arenaBytes();

    Compilation tight = compile(Preference.SPEED, OptionalLong.of(ram), OptionalLong.empty());

    assertThat(ram).isLessThan(free.plan().arenaBytes());
    assertThat(tight.plan().arenaBytes()).isLessThanOrEqualTo(ram);
    assertThat(scratch(tight)).isLessThanOrEqualTo(scratch(free));
  }

  @Test
  void filtersAreWideOnlyWhereTheFlashIsKnownToHoldThem() {
    Compilation narrow = compile(Preference.SPEED, OptionalLong.empty(), OptionalLong.empty());
    Compilation wide = compile(Preference.SPEED, OptionalLong.empty(), OptionalLong.of(1 << 20));

    assertThat(wide.program().sizes().filters())
        .isGreaterThanOrEqualTo(narrow.program().sizes().filters());
    long elements = narrow.program().sizes().filters();
    Compilation tight =
        compile(Preference.SPEED, OptionalLong.empty(), OptionalLong.of(elements + 20_000));
    assertThat(tight.program().sizes().weights()).isLessThan(elements + 20_000);
  }

  @Test
  void aFilterIsWideFromATenthBeyondItsElementsOn() {
    Kernel kernel =
        kernels(compile(Preference.SPEED, OptionalLong.empty(), OptionalLong.empty())).getFirst();
    long bytes = kernel.tableBytes(Parameter.Role.FILTER);

    assertThat(TargetKernels.isWide(kernel, bytes)).isFalse();
    assertThat(TargetKernels.isWide(kernel, bytes / 2)).isTrue();
  }
}
