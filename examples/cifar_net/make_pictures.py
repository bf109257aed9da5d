"""Draws 32x32 colour pictures of ten kinds of shape.

Each picture is a function of (seed, index) alone. A shape is drawn four times too large as a mask,
turned and shifted, reduced, and laid in one colour over a background of another: a gradient with
blotches, specks and noise. Background and shape differ in colour, sometimes only a little.

Usage: python make_pictures.py OUT.npz [--count N] [--seed S]
"""

import argparse

import numpy as np
from PIL import Image, ImageDraw

SIZE = 32
ZOOM = 4
CLASSES = (
    "circle",
    "square",
    "triangle",
    "star",
    "ring",
    "cross",
    "stripes",
    "checker",
    "arrow",
    "crescent",
)


def polygon(corners, angle_step=None, radii=(1.0,)):
    """Returns corner points on circles around the origin, the radii taken in turn."""
    step = angle_step or 2 * np.pi / corners
    angles = np.arange(corners) * step - np.pi / 2
    lengths = np.resize(radii, corners)
    return np.stack([np.cos(angles) * lengths, np.sin(angles) * lengths], axis=1)


OUTLINES = {
    "square": polygon(4) @ np.array([[1, 1], [-1, 1]]) / np.sqrt(2),
    "triangle": polygon(3),
    "star": polygon(10, radii=(1.0, 0.42)),
    "cross": np.array(
        [
            *[(-0.3, -1), (0.3, -1), (0.3, -0.3), (1, -0.3), (1, 0.3), (0.3, 0.3)],
            *[(0.3, 1), (-0.3, 1), (-0.3, 0.3), (-1, 0.3), (-1, -0.3), (-0.3, -0.3)],
        ]
    ),
    "arrow": np.array(
        [(0, -1), (0.75, -0.1), (0.28, -0.1), (0.28, 1), (-0.28, 1), (-0.28, -0.1), (-0.75, -0.1)]
    ),
}


def disc(draw, centre, radius, fill):
    """Draws a filled circle."""
    x, y = centre
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def pattern(kind, angle, period):
    """Returns a large 0/255 picture of stripes or a checkerboard at an angle."""
    side = SIZE * ZOOM
    y, x = np.mgrid[:side, :side]
    along = np.floor((np.cos(angle) * x + np.sin(angle) * y) / period)
    across = np.floor((np.cos(angle) * y - np.sin(angle) * x) / period)
    cells = along if kind == "stripes" else along + across
    return Image.fromarray(((cells % 2) * 255).astype(np.uint8))


def mask(kind, rng):
    """Draws the shape; float32 [SIZE, SIZE] in [0, 1]."""
    side = SIZE * ZOOM
    image = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(image)
    radius = rng.uniform(0.24, 0.44) * side
    centre = side / 2 + rng.uniform(-1, 1, size=2) * (0.5 * side - radius)
    angle = rng.uniform(0, 2 * np.pi)
    if kind in OUTLINES:
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        stretch = np.diag(rng.uniform(0.8, 1.0, size=2))
        points = OUTLINES[kind] @ stretch @ turn.T * radius + centre
        draw.polygon([tuple(p) for p in points.tolist()], fill=255)
    else:
        disc(draw, centre, radius, 255)
    if kind == "ring":
        disc(draw, centre, radius * rng.uniform(0.45, 0.75), 0)
    if kind == "crescent":
        offset = np.array([np.cos(angle), np.sin(angle)]) * radius * rng.uniform(0.4, 0.65)
        disc(draw, centre + offset, radius * 0.85, 0)
    if kind in ("stripes", "checker"):
        period = radius * rng.uniform(0.3, 0.5)
        image = Image.composite(pattern(kind, angle, period), Image.new("L", image.size), image)
    return np.asarray(image.resize((SIZE, SIZE), Image.Resampling.BOX), np.float32) / 255.0


def background(rng):
    """Draws a gradient with blotches; float32 [SIZE, SIZE, 3]."""
    corners = rng.uniform(0.0, 1.0, size=3) + rng.uniform(-0.2, 0.2, size=(2, 2, 3))
    coarse = rng.normal(0.0, rng.uniform(0.0, 0.12), size=(6, 6, 3))
    layers = []
    for grid in (corners, coarse):
        channels = [
            np.asarray(
                Image.fromarray(grid[..., c].astype(np.float32)).resize(
                    (SIZE, SIZE), Image.Resampling.BILINEAR
                )
            )
            for c in range(3)
        ]
        layers.append(np.stack(channels, axis=-1))
    return np.clip(sum(layers), 0.0, 1.0)


def contrasting(colour, rng):
    """Returns a colour at some distance from another."""
    while True:
        other = rng.uniform(0.0, 1.0, size=3)
        if np.linalg.norm(other - colour) > 0.3:
            return other


def specks(picture, rng):
    """Puts a few small coloured squares anywhere, on the shape too."""
    for _ in range(int(rng.integers(0, 5))):
        x, y = rng.integers(0, SIZE - 2, size=2)
        span = int(rng.integers(1, 4))
        picture[y : y + span, x : x + span] = rng.uniform(0.0, 1.0, size=3)


def draw_picture(seed, index):
    """Draws picture number index of a seed. Returns (uint8 [SIZE, SIZE, 3], label)."""
    rng = np.random.default_rng([seed, index])
    label = int(rng.integers(len(CLASSES)))
    shape = mask(CLASSES[label], rng)[..., None]
    picture = background(rng)
    colour = contrasting(picture.mean(axis=(0, 1)), rng)
    picture = picture * (1 - shape) + colour * shape
    specks(picture, rng)
    picture = picture + rng.normal(0.0, rng.uniform(0.01, 0.12), size=picture.shape)
    return np.rint(np.clip(picture, 0.0, 1.0) * 255.0).astype(np.uint8), label


def make(count, seed):
    """Draws a set. Returns (uint8 [count, SIZE, SIZE, 3], uint8 [count])."""
    drawn = [draw_picture(seed, index) for index in range(count)]
    return np.stack([p for p, _ in drawn]), np.array([label for _, label in drawn], np.uint8)


def main():
    """Command line entry."""
    parser = argparse.ArgumentParser(description="Draws pictures into an .npz (images, labels).")
    parser.add_argument("out")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    images, labels = make(options.count, options.seed)
    np.savez_compressed(options.out, images=images, labels=labels)


if __name__ == "__main__":
    main()
