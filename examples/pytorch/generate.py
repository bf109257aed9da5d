"""Training data by formulas: no downloads. Each function returns inputs and classes."""

import math

import torch
from torch.nn import functional as F

# Digits on a grid of 5 x 3, row by row.
GLYPHS = [
    "111101101101111", "010110010010111", "111001111100111", "111001011001111", "101101111001001",
    "111100111001111", "111100111101111", "111001010010010", "111101111101111", "111101111001111",
]  # fmt: skip


def warped(pictures, size, rng, turn=0.25, spread=0.12):
    """The pictures turned, sheared, scaled and shifted at random."""
    count = pictures.shape[0]
    angle = (torch.rand(count, generator=rng) * 2 - 1) * turn
    scale = 1 + (torch.rand(count, generator=rng) * 2 - 1) * spread
    shear = (torch.rand(count, generator=rng) * 2 - 1) * spread
    shift = (torch.rand(count, 2, generator=rng) * 2 - 1) * spread
    matrix = torch.zeros(count, 2, 3)
    matrix[:, 0, 0] = torch.cos(angle) * scale
    matrix[:, 0, 1] = -torch.sin(angle) + shear
    matrix[:, 1, 0] = torch.sin(angle)
    matrix[:, 1, 1] = torch.cos(angle) * scale
    matrix[:, :, 2] = shift
    grid = F.affine_grid(matrix, (count, 1, size, size), align_corners=False)
    return F.grid_sample(pictures, grid, align_corners=False)


def digits(count, seed):
    """Grey pictures [count, 1, 28, 28] of digits 0 to 9."""
    rng = torch.Generator().manual_seed(seed)
    glyphs = torch.tensor([[float(c) for c in glyph] for glyph in GLYPHS]).view(10, 1, 5, 3)
    large = F.interpolate(glyphs, (20, 12), mode="bilinear", align_corners=False)
    canvas = F.pad(large, (8, 8, 4, 4))
    labels = torch.randint(10, (count,), generator=rng)
    pictures = warped(canvas[labels], 28, rng)
    noise = torch.randn(pictures.shape, generator=rng) * 0.15
    return (pictures * 1.2 + noise).clamp(0, 1), labels


def keywords(count, seed, classes=12):
    """Features [count, 1, 49, 10]: two tones that glide as the class says."""
    rng = torch.Generator().manual_seed(seed)
    labels = torch.randint(classes, (count,), generator=rng)
    time = torch.linspace(0, 1, 49).view(1, 49, 1)
    band = torch.arange(10.0).view(1, 1, 10)
    features = torch.randn(count, 49, 10, generator=rng) * 0.4
    for tone in range(2):
        start = ((labels * 7 + tone * 5) % 10).view(-1, 1, 1).float()
        slope = ((labels * 3 + tone * 4) % 9 - 4).view(-1, 1, 1).float()
        jitter = torch.randn(count, 1, 1, generator=rng) * 0.3
        track = start + slope * time + jitter
        begin = torch.rand(count, 1, 1, generator=rng) * 0.3
        loud = ((time > begin) & (time < begin + 0.6)).float()
        features += 2 * loud * torch.exp(-((band - track) ** 2))
    return features.unsqueeze(1), labels


def people(count, seed, size=96):
    """Colour pictures [count, 3, size, size]: a figure of head, body and legs, or other shapes."""
    rng = torch.Generator().manual_seed(seed)

    def uniform(low, high):
        return (torch.rand(count, 1, 1, 1, generator=rng) * (high - low) + low)

    axis = torch.linspace(-1, 1, size)
    y, x = axis.view(1, 1, -1, 1), axis.view(1, 1, 1, -1)
    labels = torch.randint(2, (count,), generator=rng)
    person = labels.view(-1, 1, 1, 1).float()
    pictures = torch.rand(count, 3, 1, 1, generator=rng) * 0.6 + uniform(-0.2, 0.2) * (x + y)
    for _ in range(3):
        colour = torch.rand(count, 3, 1, 1, generator=rng)
        box = ((x - uniform(-1, 1)).abs() < uniform(0.1, 0.4)) & (
            (y - uniform(-1, 1)).abs() < uniform(0.1, 0.4)
        )
        pictures = torch.where(box, colour, pictures)
    cx, cy, r = uniform(-0.4, 0.4), uniform(-0.3, 0.0), uniform(0.15, 0.3)
    skin = torch.tensor([0.8, 0.6, 0.5]).view(1, 3, 1, 1) * uniform(0.6, 1.2)
    cloth = torch.rand(count, 3, 1, 1, generator=rng)
    head = (x - cx) ** 2 + (y - cy) ** 2 < (r * 0.6) ** 2
    body = ((x - cx) / (r * 1.1)) ** 2 + ((y - cy - r * 2) / (r * 1.5)) ** 2 < 1
    legs = ((x - cx).abs() - r * 0.5).abs() < r * 0.25
    legs = legs & (y > cy + r * 3) & (y < cy + r * 5.5)
    figure = torch.where(head, skin, torch.where(body | legs, cloth, pictures))
    # What is no person has the same parts, in disorder.
    other = torch.where(head.flip(2), cloth, torch.where(body.flip(3), skin, pictures))
    pictures = person * figure + (1 - person) * other
    pictures = pictures + torch.randn(pictures.shape, generator=rng) * 0.05
    return pictures.clamp(0, 1) * 2 - 1, labels


def textures(count, seed, size=32, classes=10):
    """Colour pictures [count, 3, size, size] of gratings whose direction and colour vary."""
    rng = torch.Generator().manual_seed(seed)
    labels = torch.randint(classes, (count,), generator=rng)
    axis = torch.linspace(-1, 1, size)
    y, x = axis.view(1, 1, -1, 1), axis.view(1, 1, 1, -1)
    angle = (labels % 5).view(-1, 1, 1, 1) * (math.pi / 5)
    angle = angle + torch.randn(count, 1, 1, 1, generator=rng) * 0.1
    wave = torch.where(labels < 5, 7.0, 13.0).view(-1, 1, 1, 1)
    phase = torch.rand(count, 1, 1, 1, generator=rng) * 6.3
    grating = torch.sin((torch.cos(angle) * x + torch.sin(angle) * y) * wave + phase)
    colour = torch.rand(count, 3, 1, 1, generator=rng) * 0.8 + 0.2
    return grating * colour + torch.randn(count, 3, size, size, generator=rng) * 0.3, labels


def motion(count, seed, classes=6):
    """Three axes of an accelerometer [count, 3, 96]: rhythms that the class decides."""
    rng = torch.Generator().manual_seed(seed)
    labels = torch.randint(classes, (count,), generator=rng)
    time = torch.linspace(0, 1, 96).view(1, 1, -1)
    axes = torch.arange(3.0).view(1, 3, 1)
    rate = (labels.float() * 1.7 + 2).view(-1, 1, 1) * (1 + 0.03 * axes)
    phase = torch.rand(count, 1, 1, generator=rng) * 6.3
    strength = 0.5 + torch.rand(count, 3, 1, generator=rng)
    wave = torch.sin(2 * math.pi * rate * time + phase + axes * labels.view(-1, 1, 1))
    return wave * strength + torch.randn(count, 3, 96, generator=rng) * 0.2, labels


def motion_rows(count, seed):
    """The same with time first: [count, 96, 3]."""
    samples, labels = motion(count, seed)
    return samples.transpose(1, 2).contiguous(), labels


def motion_windows(count, seed):
    """The same in windows of four time steps: [count, 24, 12]."""
    samples, labels = motion_rows(count, seed)
    return samples.reshape(count, 24, 12), labels
