/**
 * Several memory regions: which region each piece of the arena goes to, where weights are read
 * from, and how those that the core cannot read in place are copied to RAM in blocks ahead of their
 * use. Pure functions of sizes, live ranges and access counts; {@link
 * dev.thimble.schedule.region.RegionCosts} makes their input of a board's figures.
 */
@NullMarked
package dev.thimble.schedule.region;

import org.jspecify.annotations.NullMarked;
