"""Exports the small families of torchvision and timm with random weights, and tries them.

    python zoo.py FOLDER [NAME ...]                 writes NAME.pt2, NAME_input.npy, NAME_output.npy
    python zoo.py FOLDER [NAME ...] --table FILE    compiles and verifies them, and writes a table

Weights are random but by a seed, and so are the statistics of every batch normalisation, so that no
branch of a network is without effect. Nothing is downloaded. The second form needs no PyTorch.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

THIMBLE = pathlib.Path(__file__).resolve().parents[2] / "thimble"
TOLERANCE = 1e-4


def torchvision(name, size=64, **options):
    def make():
        from torchvision import models

        return models.get_model(name, weights=None, num_classes=10, **options)

    return make, (1, 3, size, size), False


def timm(name, size=64, fused=False, **options):
    """With `fused`, branches become single convolutions before the export."""

    def make():
        import timm as library

        return library.create_model(name, pretrained=False, num_classes=10, **options)

    return make, (1, 3, size, size), fused


def tagger():
    """Words to tags: an embedding, an LSTM in both directions, a dense layer for each word."""
    from torch import nn

    class Tagger(nn.Module):
        def __init__(self):
            super().__init__()
            self.words = nn.Embedding(1000, 32)
            self.lstm = nn.LSTM(32, 48, bidirectional=True, batch_first=True)
            self.tags = nn.Linear(96, 12)

        def forward(self, words):
            return self.tags(self.lstm(self.words(words))[0])

    return Tagger()


ZOO = {
    "mobilenet_v1": timm("mobilenetv1_100"),
    "mobilenet_v2": torchvision("mobilenet_v2"),
    "mobilenet_v3_small": torchvision("mobilenet_v3_small"),
    "mobilenet_v3_large": torchvision("mobilenet_v3_large"),
    "mobilenet_v4_small": timm("mobilenetv4_conv_small"),
    "shufflenet_v2_x0_5": torchvision("shufflenet_v2_x0_5"),
    "squeezenet1_1": torchvision("squeezenet1_1"),
    "mnasnet0_5": torchvision("mnasnet0_5"),
    "efficientnet_lite0": timm("efficientnet_lite0"),
    "efficientnet_b0": torchvision("efficientnet_b0"),
    "ghostnet_050": timm("ghostnet_050"),
    "regnet_x_400mf": torchvision("regnet_x_400mf"),
    "regnet_y_400mf": torchvision("regnet_y_400mf"),
    "resnet18": torchvision("resnet18"),
    "repvgg_a0": timm("repvgg_a0", 32),
    "repvgg_a0_fused": timm("repvgg_a0", 32, fused=True),
    "mobileone_s0": timm("mobileone_s0"),
    "mobileone_s0_fused": timm("mobileone_s0", fused=True),
    "convnext_atto": timm("convnext_atto"),
    "convnextv2_atto": timm("convnextv2_atto"),
    "vit_tiny_patch16": timm("vit_tiny_patch16_224", 64, img_size=64),
    "deit_tiny_patch16": timm("deit_tiny_patch16_224", 64, img_size=64),
    "lcnet_050": timm("lcnet_050"),
    "tinynet_e": timm("tinynet_e"),
    "densenet121": torchvision("densenet121", 32),
    "edgenext_xx_small": timm("edgenext_xx_small"),
    "mobilevit_xxs": timm("mobilevit_xxs"),
    "fastvit_t8": timm("fastvit_t8"),
    "lstm_tagger": (tagger, (1, 16), False),
}


def scatter(model):
    """Gives scales, shifts and statistics values that are neither 0 nor 1."""
    import torch

    for module in model.modules():
        if getattr(module, "running_var", None) is not None:
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 1.5)
    for parameter in model.parameters():
        if parameter.dim() == 1 or parameter.std() == 0 or parameter.abs().max() < 1e-3:
            parameter.data = torch.rand_like(parameter) * 0.8 + 0.2


def settle(model, sample):
    """Statistics of a few random samples, so that values stay in range however deep it is."""
    import torch
    from torch import nn

    norms = [m for m in model.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
    for norm in norms:
        norm.train()
        norm.momentum = None
        norm.reset_running_stats()
    with torch.no_grad():
        model(torch.cat([sample, torch.randn(7, *sample.shape[1:])]))
    for norm in norms:
        norm.eval()


def export(name, folder):
    import torch

    torch.manual_seed(len(name))
    make, shape, fused = ZOO[name]
    model = make().eval()
    words = len(shape) == 2
    sample = torch.randint(1000, shape) if words else torch.randn(shape)
    scatter(model)
    if not words:
        settle(model, sample)
    if fused:
        from timm.utils.model import reparameterize_model

        model = reparameterize_model(model)
    with torch.no_grad():
        output = model(sample)
        program = torch.export.export(model, (sample,))
    torch.export.save(program, str(folder / f"{name}.pt2"))
    np.save(folder / f"{name}_input.npy", sample.numpy())
    np.save(folder / f"{name}_output.npy", output.numpy())
    print(f"{name}: {sum(p.numel() for p in model.parameters())} parameters", flush=True)


def thimble(*arguments):
    """Runs the command; returns its exit code, stdout and stderr."""
    done = subprocess.run(
        [THIMBLE, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def row(name, folder):
    """A network's line of the table, and whether all of it is as it should be."""
    model = folder / f"{name}.pt2"
    samples = ["--inputs", folder / f"{name}_input.npy"]
    with tempfile.TemporaryDirectory() as scratch:
        out = pathlib.Path(scratch)
        code, report, errors = thimble("compile", model, "--out", out / "c", "--json")
        if code:
            why = errors.strip().splitlines()
            return f"| {name} | refused: {' '.join(why[:2])[:160]} | | | | | |", False
        figures = json.loads(report)
        thimble("run", model, *samples, "--out", out / "found.npy")
        found, expected = np.load(out / "found.npy"), np.load(folder / f"{name}_output.npy")
        error = np.abs(found.reshape(expected.shape) - expected).max() / np.abs(expected).max()
        verified = thimble("verify", model, *samples)[0] == 0
    good = verified and error <= TOLERANCE
    cells = [
        name,
        "×".join(str(d) for d in np.load(folder / f"{name}_input.npy", mmap_mode="r").shape),
        f"{error:.1e}",
        "equal" if verified else "**differs**",
        *counts(figures),
    ]
    return "| " + " | ".join(cells) + " |", good


def counts(report):
    """Nodes, millions of multiplications, KiB of RAM and of constants."""
    return [
        str(len(report["nodes"])),
        f"{report['macs'] / 1e6:.1f}",
        f"{report['arena_bytes'] / 1024:.0f}",
        f"{report['weights_bytes'] / 1024:.0f}",
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--table", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    names = arguments.names or list(ZOO)
    if not arguments.table:
        for name in names:
            export(name, arguments.folder)
        return
    lines = [
        "| network | input | error | C | nodes | MMAC | RAM, KiB | constants, KiB |",
        "|---|---|---:|---|---:|---:|---:|---:|",
    ]
    good = 0
    for name in names:
        line, fits = row(name, arguments.folder)
        lines.append(line)
        good += fits
        print(line, file=sys.stderr, flush=True)
    lines.append(f"\n{good} of {len(names)} within {TOLERANCE:g} of PyTorch's largest output.")
    arguments.table.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
