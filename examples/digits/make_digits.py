"""Draws 32x32 grey pictures of the digits 0 to 9 from TrueType fonts.

Each picture is a function of (seed, index) alone, so any part of a set can be repeated without
the rest. A digit is drawn three times too large, thinned or thickened, then rotated, sheared,
scaled, shifted and elastically bent in one resampling step, and finally blurred, dimmed, crossed
by a faint line now and then, and covered with noise.

Faces marked TEST_ONLY never occur in the training set: a part of the test pictures shows shapes
that the network has not seen.

Usage: python make_digits.py OUT.npz [--count N] [--seed S] [--split train|test]
"""

import argparse
import functools
import pathlib

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

FONT_ROOT = pathlib.Path("/usr/share/fonts")
SIZE = 32
ZOOM = 3

# Debian package -> its faces.
TRAIN_FACES = {
    "fonts-dejavu-core": ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSerif.ttf"],
    "fonts-dejavu-extra": ["DejaVuSansCondensed-Oblique.ttf", "DejaVuSerifCondensed-Italic.ttf"],
    "fonts-liberation": [
        "LiberationSans-Regular.ttf",
        "LiberationSans-BoldItalic.ttf",
        "LiberationSerif-Regular.ttf",
        "LiberationMono-Regular.ttf",
    ],
    "fonts-freefont-ttf": ["FreeSans.ttf", "FreeSerifItalic.ttf", "FreeMonoBold.ttf"],
    "fonts-lato": ["Lato-Light.ttf", "Lato-BlackItalic.ttf"],
    "fonts-open-sans": ["OpenSans-Regular.ttf", "OpenSans-LightItalic.ttf"],
    "fonts-crosextra-carlito": ["Carlito-Regular.ttf"],
    "fonts-humor-sans": ["Humor-Sans.ttf"],
}
TEST_ONLY_FACES = {
    "fonts-dejavu-core": ["DejaVuSerif-Bold.ttf"],
    "fonts-liberation": ["LiberationSerif-BoldItalic.ttf"],
    "fonts-freefont-ttf": ["FreeSansOblique.ttf"],
    "fonts-crosextra-caladea": ["Caladea-Regular.ttf"],
}


def find_faces(split):
    """Returns the font files of a split; the test split has the training faces too."""
    tables = [TRAIN_FACES] if split == "train" else [TRAIN_FACES, TEST_ONLY_FACES]
    faces = []
    for table in tables:
        for package, names in table.items():
            for name in names:
                found = sorted(FONT_ROOT.rglob(name))
                if not found:
                    raise SystemExit(f"font {name} is missing: apt-get install {package}")
                faces.append(str(found[0]))
    return faces


@functools.lru_cache(maxsize=None)
def glyph(face, digit):
    """Draws a digit centred on a ZOOM times larger canvas; float32 in [0, 1]."""
    side = SIZE * ZOOM
    font = ImageFont.truetype(face, size=int(side * 0.8), layout_engine=ImageFont.Layout.BASIC)
    left, top, right, bottom = font.getbbox(str(digit))
    canvas = Image.new("L", (side, side), 0)
    origin = ((side - right - left) / 2, (side - bottom - top) / 2)
    ImageDraw.Draw(canvas).text(origin, str(digit), fill=255, font=font)
    return np.asarray(canvas, np.float32) / 255.0


def change_stroke(ink, rng):
    """Makes strokes thinner or thicker: blurs, then cuts at a random share of the highest level."""
    soft = ndimage.gaussian_filter(ink, 2.0)
    level = rng.uniform(0.25, 0.6) * soft.max()
    return np.clip((soft - level) * 4.0 + 0.5, 0.0, 1.0)


def affine(rng):
    """Returns a random 2x2 matrix (output to source, without zoom) and a shift in pixels."""
    angle = np.deg2rad(rng.uniform(-22, 22))
    cos, sin = np.cos(angle), np.sin(angle)
    shear = np.array([[1.0, 0.0], [rng.uniform(-0.3, 0.3), 1.0]])
    scale = np.diag(rng.uniform(0.8, 1.3, size=2))
    return np.array([[cos, -sin], [sin, cos]]) @ shear @ scale, rng.uniform(-3.0, 3.0, size=2)


def elastic_field(rng):
    """Returns a smooth random displacement in pixels, shape [2, SIZE, SIZE]."""
    field = rng.uniform(-1.0, 1.0, size=(2, SIZE, SIZE))
    field = ndimage.gaussian_filter(field, (0, 4.0, 4.0), mode="constant")
    return field * rng.uniform(0.0, 34.0)


def warp(ink, rng):
    """Samples the large canvas at affinely and elastically displaced pixel centres."""
    matrix, shift = affine(rng)
    centre = (SIZE - 1) / 2
    grid = np.stack(np.meshgrid(np.arange(SIZE), np.arange(SIZE), indexing="ij")) - centre
    grid = grid + elastic_field(rng) - shift[:, None, None]
    source = np.tensordot(matrix, grid, axes=1) * ZOOM + (SIZE * ZOOM - 1) / 2
    return ndimage.map_coordinates(ink, source, order=1, mode="constant")


def stray_line(rng):
    """Draws a faint line across the picture; float in [0, 1]."""
    canvas = Image.new("L", (SIZE, SIZE), 0)
    ends = [tuple(rng.integers(0, SIZE, size=2).tolist()) for _ in range(2)]
    ImageDraw.Draw(canvas).line(ends, fill=int(rng.integers(60, 200)), width=1)
    return np.asarray(canvas, np.float32) / 255.0


def draw(seed, index, faces):
    """Draws picture number index of a seed. Returns (uint8 [SIZE, SIZE], label)."""
    rng = np.random.default_rng([seed, index])
    digit = int(rng.integers(10))
    face = faces[int(rng.integers(len(faces)))]
    picture = warp(change_stroke(glyph(face, digit), rng), rng)
    picture = ndimage.gaussian_filter(picture, rng.uniform(0.2, 1.0))
    picture = picture * rng.uniform(0.5, 1.0)
    if rng.random() < 0.35:
        picture = np.maximum(picture, stray_line(rng))
    picture = picture + rng.uniform(0.0, 0.15)
    picture = picture + rng.normal(0.0, rng.uniform(0.02, 0.12), size=picture.shape)
    return np.rint(np.clip(picture, 0.0, 1.0) * 255.0).astype(np.uint8), digit


def make(count, seed, split):
    """Draws a set. Returns (uint8 [count, SIZE, SIZE, 1], uint8 [count])."""
    faces = find_faces(split)
    drawn = [draw(seed, index, faces) for index in range(count)]
    pictures = np.stack([picture for picture, _ in drawn])[..., None]
    return pictures, np.array([digit for _, digit in drawn], np.uint8)


def main():
    """Command line entry."""
    parser = argparse.ArgumentParser(description="Draws digits into an .npz (images, labels).")
    parser.add_argument("out")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--split", choices=["train", "test"], default="train")
    options = parser.parse_args()
    images, labels = make(options.count, options.seed, options.split)
    np.savez_compressed(options.out, images=images, labels=labels)


if __name__ == "__main__":
    main()
