package dev.thimble.codegen;

import dev.thimble.target.CompilerFlags;
import dev.thimble.target.Target;
import java.util.Set;

/** Writes the files that build systems read. */
final class BuildFiles {
  /** Names that CMake keeps for targets of its own. */
  private static final Set<String> TAKEN =
      Set.of("all", "clean", "edit_cache", "help", "install", "package", "test");

  private BuildFiles() {}

  /** A CMake library target of the program's name, or of NAME_model where CMake takes that. */
  static String cmake(CName name, String banner, boolean usesFloats, Target core) {
    String target = TAKEN.contains(name.lower()) ? name + "_model" : name.lower();
    CWriter c = new CWriter();
    c.line("# %s", banner);
    c.line("cmake_minimum_required(VERSION 3.13)");
    c.line("project(%s C)", target).blank();
    c.line("add_library(%s STATIC %s.c %s_weights.c)", target, name, name);
    c.line("target_include_directories(%s PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})", target);
    c.line("set_target_properties(%s PROPERTIES C_STANDARD 99 C_STANDARD_REQUIRED ON)", target);
    if (usesFloats) {
      c.line("# Contracted multiply-adds would round differently from the network as trained.");
      c.line("target_compile_options(%s PRIVATE -ffp-contract=off)", target);
      c.line("target_link_libraries(%s PUBLIC m)", target);
    }
    if (core != Target.PORTABLE) {
      core(c, target, CompilerFlags.of(core));
    }
    return c.toString();
  }

  /** A project that says nothing of the core gets the flags by which programs are verified. */
  private static void core(CWriter c, String target, CompilerFlags flags) {
    String joined = String.join(" ", flags.flags());
    c.line(
        "# Verified with %s %s; flags of the project around replace these.",
        flags.compiler(), joined);
    c.line("if(NOT CMAKE_C_FLAGS)");
    c.line("  target_compile_options(%s PUBLIC %s)", target, joined);
    c.line("endif()");
    c.line("if(NOT CMAKE_BUILD_TYPE)");
    c.line("  target_compile_options(%s PRIVATE -O2)", target);
    c.line("endif()");
  }
}
