"""Writes what tests compare with the archives of this folder.

    python make_formats.py [--out FOLDER]

NAME_torchscript.onnx and NAME_dynamo.onnx: the networks as PyTorch's two exporters write them for
ONNX, without their tensors' data, which are those of NAME.pt2 under the same names.
gru_other.pth and gru_other.safetensors: other weights for gru.pt2; gru_other_output.npy is what
PyTorch computes with them.
small_float16.pt2 and small_bfloat16.pt2: a network of narrow floats; the outputs are those of the
same weights in float32.
"""

import argparse
import pathlib

import make_all
import numpy as np
import onnx
import torch
from torch import nn

HERE = pathlib.Path(__file__).parent


def trained(name):
    """The network with the weights that its archive has."""
    model = make_all.PLANS[name][0]()
    model.load_state_dict(torch.export.load(HERE / f"{name}.pt2").state_dict)
    return model.eval()


def write_onnx(name, out, dynamo):
    """An ONNX file whose batch normalisations are left as they are, so weights keep their names."""
    path = out / f"{name}_{'dynamo' if dynamo else 'torchscript'}.onnx"
    model = trained(name)
    state = model.state_dict()
    sample = torch.from_numpy(np.load(HERE / f"{name}_input.npy"))[:1]
    if dynamo:
        options = {"optimize": False, "external_data": False}
    else:
        mode = torch.onnx.TrainingMode.PRESERVE
        options = {"training": mode, "do_constant_folding": False}
    torch.onnx.export(model, (sample,), path, dynamo=dynamo, **options)
    proto = onnx.load(path)
    for tensor in proto.graph.initializer:
        if tensor.name in state:
            tensor.ClearField("raw_data")
            tensor.data_location = onnx.TensorProto.EXTERNAL
            entry = tensor.external_data.add()
            entry.key, entry.value = "location", f"{path.name}.data"
    for node in proto.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    del proto.graph.metadata_props[:]
    del proto.graph.value_info[:]
    path.write_bytes(proto.SerializeToString())


def write_weights(out):
    from safetensors.torch import save_file

    torch.manual_seed(7)
    model = make_all.PLANS["gru"][0]().eval()
    state = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    torch.save(state, out / "gru_other.pth")
    save_file(state, out / "gru_other.safetensors", metadata={"format": "pt"})
    inputs = torch.from_numpy(np.load(HERE / "gru_input.npy"))
    with torch.no_grad():
        outputs = torch.cat([model(sample) for sample in inputs.split(1)])
    np.save(out / "gru_other_output.npy", outputs.numpy())


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.dense = nn.Linear(4, 3)
        self.register_buffer("gain", torch.rand(4, 1, 1), persistent=False)

    def forward(self, image):
        return self.dense((torch.relu(self.norm(self.conv(image))) * self.gain).mean((2, 3)))


def write_narrow(out, kind):
    torch.manual_seed(8)
    model = Small().eval()
    model.norm.running_mean.normal_(0, 0.2)
    model.norm.running_var.uniform_(0.5, 1.5)
    model = model.to(kind)
    name = f"small_{str(kind).removeprefix('torch.')}"
    image = torch.randn(1, 2, 6, 6).to(kind)
    torch.export.save(torch.export.export(model, (image,)), str(out / f"{name}.pt2"))
    with torch.no_grad():
        output = model.float()(image.float())
    np.save(out / f"{name}_input.npy", image.float().numpy())
    np.save(out / f"{name}_output.npy", output.numpy())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=HERE)
    out = parser.parse_args().out
    for name in ("lenet", "resnet8"):
        for dynamo in (False, True):
            write_onnx(name, out, dynamo)
    write_weights(out)
    for kind in (torch.float16, torch.bfloat16):
        write_narrow(out, kind)


if __name__ == "__main__":
    main()
