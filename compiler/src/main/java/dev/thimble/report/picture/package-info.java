/**
 * The arena over time as a picture: a neutral record of what lies where and when, drawn as SVG for
 * pages and as characters for terminals. Nothing here knows how memory is planned.
 */
@NullMarked
package dev.thimble.report.picture;

import org.jspecify.annotations.NullMarked;
