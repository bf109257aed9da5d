package dev.thimble.codegen;

import dev.thimble.target.CompilerFlags;
import dev.thimble.target.Target;
import java.util.Set;

/** Writes the files that build systems read. */
final class BuildFiles {
  /** Names that CMake keeps for targets of its own. */
  private static final Set<String> TAKEN =
      Set.of("all", "clean", "edit_cache", "help", "install", "package", "test");

  private final CName name;
  private final boolean usesFloats;
  private final BuildSettings settings;
  private final String library;

  /** Build files of a program whose sources include {@code math.h} if they use floats. */
  BuildFiles(CName name, boolean usesFloats, BuildSettings settings) {
    this.name = name;
    this.usesFloats = usesFloats;
    this.settings = settings;
    this.library = TAKEN.contains(name.lower()) ? name + "_model" : name.lower();
  }

  /** A CMake library target of the program's name, or of NAME_model where CMake takes that. */
  String cmake(String banner) {
    CWriter c = new CWriter();
    c.line("# %s", banner);
    c.line("cmake_minimum_required(VERSION 3.13)");
    c.line("project(%s C)", library).blank();
    c.line("add_library(%s STATIC %s.c %s_weights.c)", library, name, name);
    c.line("target_include_directories(%s PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})", library);
    c.line("set_target_properties(%s PROPERTIES C_STANDARD 99 C_STANDARD_REQUIRED ON)", library);
    if (usesFloats) {
      c.line("# Contracted multiply-adds would round differently from the network as trained.");
      c.line("target_compile_options(%s PRIVATE -ffp-contract=off)", library);
      c.line("target_link_libraries(%s PUBLIC m)", library);
    }
    if (settings.profile()) {
      profile(c);
    }
    if (settings.target() != Target.PORTABLE) {
      core(c, CompilerFlags.of(settings.target()));
    }
    optimization(c);
    return c.toString();
  }

  private void profile(CWriter c) {
    c.blank().line("# Prints the cycles of each node.");
    c.line(
        "add_executable(%s_profile EXCLUDE_FROM_ALL %s %s.c %s_weights.c)",
        library, new ProfileHooks(name, true).mainFile(), name, name);
    c.line("target_compile_definitions(%s_profile PRIVATE %s_PROFILE)", library, name.upper());
    if (usesFloats) {
      c.line("target_compile_options(%s_profile PRIVATE -ffp-contract=off)", library);
      c.line("target_link_libraries(%s_profile PRIVATE m)", library);
    }
  }

  /** A project that says nothing of the core gets the flags by which programs are verified. */
  private void core(CWriter c, CompilerFlags flags) {
    String joined = String.join(" ", flags.flags());
    c.blank();
    c.line(
        "# Verified with %s %s; flags of the project around replace these.",
        flags.compiler(), joined);
    c.line("if(NOT CMAKE_C_FLAGS)");
    c.line("  target_compile_options(%s PUBLIC %s)", library, joined);
    c.line("endif()");
  }

  /** A project that says nothing of optimisation gets what each file is best compiled with. */
  private void optimization(CWriter c) {
    c.blank().line("# The level of each file; a build type of the project around replaces it.");
    c.line("if(NOT CMAKE_BUILD_TYPE AND CMAKE_C_COMPILER_ID MATCHES \"GNU|Clang\")");
    String level = settings.small() ? "-Os" : "-O2";
    c.line("  set_source_files_properties(%s.c PROPERTIES COMPILE_OPTIONS %s)", name, level);
    c.line("  set_source_files_properties(%s_weights.c PROPERTIES COMPILE_OPTIONS -Os)", name);
    c.line("endif()").blank();
    c.line("option(%s_LTO \"Optimise across files when linking\" OFF)", name.upper());
    c.line("if(%s_LTO)", name.upper());
    c.line("  set_target_properties(%s PROPERTIES INTERPROCEDURAL_OPTIMIZATION ON)", library);
    c.line("endif()");
  }
}
