"""Trains every network of this folder and exports it.

    python make_all.py [NAME ...] [--out FOLDER] [--quick]

writes NAME.pt2, NAME_input.npy and NAME_output.npy (what PyTorch computes for each input), and a
state dict NAME.pth into FOLDER/states for old releases of PyTorch: with --from-states nothing is
trained, and the archive is called NAME_torchX.Y.pt2 after the release that wrote it.
"""

import argparse
import pathlib
import zipfile

import generate
import networks
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

# Name: network, data, training samples, epochs, samples kept, exported as core ATen.
PLANS = {
    "lenet": (networks.LeNet, generate.digits, 6000, 5, 8, False),
    "ds_cnn": (networks.DsCnn, generate.keywords, 4000, 6, 8, False),
    "mobilenet": (networks.MobileNetV1, generate.people, 4000, 16, 1, False),
    "resnet8": (networks.ResNet8, generate.textures, 2000, 4, 4, True),
    "inverted": (networks.InvertedNet, generate.textures, 2000, 6, 2, False),
    "temporal": (networks.TemporalNet, generate.motion, 3000, 8, 8, False),
    "gru": (networks.GruNet, generate.motion_rows, 2000, 12, 8, False),
    "encoder": (networks.Encoder, generate.motion_windows, 3000, 10, 8, True),
}

# Archives of more bytes are compressed, for a checkout should stay small.
LARGE = 1_000_000

# What is converted to integers: in training, or after it with scales for each channel or each tensor.
QUANTISED = ["lenet_qat", "resnet8_ptq", "ds_cnn_ptq"]


def loss_of(outputs, labels):
    """Cross entropy of scores, probabilities or their logarithms."""
    if outputs.max() <= 0:
        return F.nll_loss(outputs, labels)
    if outputs.min() >= 0 and torch.allclose(outputs.sum(1), torch.ones(1)):
        return F.nll_loss(torch.log(outputs + 1e-7), labels)
    return F.cross_entropy(outputs, labels)


def train(model, data, count, epochs, rate=2e-3):
    inputs, labels = data(count, 1)
    optimiser = torch.optim.Adam(model.parameters(), lr=rate)
    steps = epochs * (count // 50)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate * 2, total_steps=steps)
    rng = torch.Generator().manual_seed(2)
    model.train()
    for _ in range(epochs):
        for batch in torch.randperm(count, generator=rng).split(50):
            optimiser.zero_grad()
            loss_of(model(inputs[batch]), labels[batch]).backward()
            optimiser.step()
            schedule.step()


def accuracy(model, data, count=500):
    inputs, labels = data(count, 3)
    with torch.no_grad():
        found = torch.cat([model(batch).argmax(1) for batch in inputs.split(50)])
    return (found == labels).float().mean().item()


def save(model, path, inputs, batch, core):
    """Exports the model, with any batch where the network allows it, else for one sample."""
    example = inputs[:2] if batch else inputs[:1]
    shapes = ({0: torch.export.Dim("batch", min=1, max=64)},) if batch else None
    # The example is stored with the archive, with all that it is a part of.
    program = torch.export.export(model, (example.clone(),), dynamic_shapes=shapes)
    if core:
        program = program.run_decompositions()
    torch.export.save(program, str(path))
    if path.stat().st_size > LARGE:
        deflate(path)


def deflate(path):
    """Compresses the members of an archive, which PyTorch stores as they are and reads either way."""
    with zipfile.ZipFile(path) as archive:
        members = [(member, archive.read(member)) for member in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for member, content in members:
            archive.writestr(member.filename, content)


def save_samples(model, out, name, data, count):
    inputs, _ = data(count, 4)
    with torch.no_grad():
        outputs = torch.cat([model(sample) for sample in inputs.split(1)])
    np.save(out / f"{name}_input.npy", inputs.numpy())
    np.save(out / f"{name}_output.npy", outputs.numpy())


def make(name, out, from_states, quick):
    network, data, count, epochs, kept, core = PLANS[name]
    torch.manual_seed(0)
    model = network()
    states = out / "states" / f"{name}.pth"
    suffix = ""
    if from_states:
        model.load_state_dict(torch.load(states))
        suffix = "_torch" + ".".join(torch.__version__.split(".")[:2])
    else:
        train(model, data, *((200, 1) if quick else (count, epochs)))
        states.parent.mkdir(parents=True, exist_ok=True)
        torch.save(model.state_dict(), states)
    model.eval()
    for part in model.modules():
        if isinstance(part, nn.GRU):
            part.flatten_parameters()
    print(f"{name}: accuracy {accuracy(model, data):.3f}", flush=True)
    save(model, out / f"{name}{suffix}.pt2", data(2, 4)[0], name == "ds_cnn", core)
    if not from_states:
        save_samples(model, out, name, data, kept)


def drop_float_weights(integer):
    """The integers have taken the place of these parameters; they would only take space."""
    kept = {node.target for node in integer.graph.nodes if node.op == "get_attr"}
    for name, _ in list(integer.named_parameters()):
        if name not in kept:
            path, _, last = name.rpartition(".")
            delattr(integer.get_submodule(path), last)


def make_calibrated(name, out, per_channel):
    """A trained network converted to integers after it saw some samples (PT2E)."""
    from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_pt2e
    from torchao.testing.pt2e._xnnpack_quantizer import (
        XNNPACKQuantizer,
        get_symmetric_quantization_config,
    )

    network, data, *_ = PLANS[name]
    model = network()
    model.load_state_dict(torch.load(out / "states" / f"{name}.pth"))
    model.eval()
    inputs, _ = data(200, 5)
    shapes = ({0: torch.export.Dim("batch", min=1, max=1024)},)
    graph = torch.export.export(model, (inputs[:2],), dynamic_shapes=shapes).module()
    config = get_symmetric_quantization_config(is_per_channel=per_channel)
    prepared = prepare_pt2e(graph, XNNPACKQuantizer().set_global(config))
    for batch in inputs.split(50):
        prepared(batch)
    integer = convert_pt2e(prepared)
    drop_float_weights(integer)
    print(f"{name}_ptq: accuracy {accuracy(integer, data):.3f}", flush=True)
    example = inputs[:1].clone()
    torch.export.save(torch.export.export(integer, (example,)), str(out / f"{name}_ptq.pt2"))
    save_samples(integer, out, f"{name}_ptq", data, 4)


def make_quantised(out, quick):
    """LeNet trained further with its rounding simulated, then converted to integers (PT2E)."""
    import torchao.quantization.pt2e as pt2e
    from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_qat_pt2e
    from torchao.testing.pt2e._xnnpack_quantizer import (
        XNNPACKQuantizer,
        get_symmetric_quantization_config,
    )

    torch.manual_seed(0)
    model = networks.LeNet()
    model.load_state_dict(torch.load(out / "states" / "lenet.pth"))
    inputs, labels = generate.digits(400 if quick else 3000, 5)
    shapes = ({0: torch.export.Dim("batch", min=1, max=1024)},)
    graph = torch.export.export(model, (inputs[:2],), dynamic_shapes=shapes).module()
    config = get_symmetric_quantization_config(is_per_channel=True, is_qat=True)
    trained = prepare_qat_pt2e(graph, XNNPACKQuantizer().set_global(config))
    pt2e.move_exported_model_to_train(trained)
    optimiser = torch.optim.SGD(trained.parameters(), lr=1e-3, momentum=0.9)
    for epoch in range(1 if quick else 3):
        if epoch == 2:
            trained.apply(pt2e.disable_observer)
        for batch in torch.arange(len(labels)).split(50):
            optimiser.zero_grad()
            F.cross_entropy(trained(inputs[batch]), labels[batch]).backward()
            optimiser.step()
    pt2e.move_exported_model_to_eval(trained)
    integer = convert_pt2e(trained)
    drop_float_weights(integer)
    data, _ = generate.digits(8, 4)
    print(f"lenet_qat: accuracy {accuracy(integer, generate.digits):.3f}", flush=True)
    torch.export.save(torch.export.export(integer, (data[:1],)), str(out / "lenet_qat.pt2"))
    save_samples(integer, out, "lenet_qat", generate.digits, 8)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=[*PLANS, *QUANTISED])
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    parser.add_argument("--from-states", action="store_true")
    parser.add_argument("--quick", action="store_true", help="train next to nothing")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name in arguments.names:
        if name == "lenet_qat":
            make_quantised(arguments.out, arguments.quick)
        elif name in QUANTISED:
            make_calibrated(name.removesuffix("_ptq"), arguments.out, name == "resnet8_ptq")
        else:
            make(name, arguments.out, arguments.from_states, arguments.quick)


if __name__ == "__main__":
    main()
