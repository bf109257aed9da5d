package dev.thimble.schedule.region;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * RAM at consecutive addresses whose bytes all cost the same.
 *
 * @param name the names of its regions, joined by {@code +}
 * @param address the first of its addresses; nothing where no board says it
 * @param section the section by which linker scripts place data there, if they do
 * @param bytes its size, the bytes that stay free included
 * @param external whether it lies outside of the chip
 * @param cost its name, its capacity for an arena, and what an access costs
 */
public record RamMemory(
    String name,
    OptionalLong address,
    Optional<String> section,
    long bytes,
    boolean external,
    RegionCost cost) {}
