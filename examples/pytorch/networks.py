"""Small networks in plain PyTorch, of the kinds that run on microcontrollers."""

import torch
from torch import nn
from torch.nn import functional as F


class LeNet(nn.Module):
    """LeNet-5 with ReLU and max pooling: [N, 1, 28, 28] to 10 classes."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, image):
        x = F.max_pool2d(F.relu(self.conv1(image)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


def conv_bn(inputs, outputs, kernel, stride=1, groups=1, act=nn.ReLU):
    padding = (kernel - 1) // 2 if isinstance(kernel, int) else tuple((k - 1) // 2 for k in kernel)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
        act(),
    )


class DsCnn(nn.Module):
    """Depthwise separable network for key words: [N, 1, 49, 10] features to 12 classes."""

    def __init__(self, width=64, blocks=4, classes=12):
        super().__init__()
        layers = [
            nn.ZeroPad2d((1, 1, 4, 5)),
            nn.Conv2d(1, width, (10, 4), (2, 2), bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
        ]
        for _ in range(blocks):
            layers += [conv_bn(width, width, 3, groups=width), conv_bn(width, width, 1)]
        self.features = nn.Sequential(*layers)
        self.dropout = nn.Dropout(0.2)
        self.classifier = nn.Linear(width, classes)

    def forward(self, features):
        x = self.features(features)
        x = F.avg_pool2d(x, x.shape[2:])
        x = self.dropout(x.flatten(1))
        return self.classifier(x).softmax(dim=-1)


class MobileNetV1(nn.Module):
    """MobileNetV1 at a quarter of its width: [N, 3, 96, 96] to person or no person."""

    PLAN = [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2), *[(128, 1)] * 5]
    PLAN += [(256, 2), (256, 1)]

    def __init__(self, classes=2):
        super().__init__()
        layers = [conv_bn(3, 8, 3, 2, act=nn.ReLU6)]
        width = 8
        for outputs, stride in self.PLAN:
            layers.append(conv_bn(width, width, 3, stride, groups=width, act=nn.ReLU6))
            layers.append(conv_bn(width, outputs, 1, act=nn.ReLU6))
            width = outputs
        self.features = nn.Sequential(*layers)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(width, classes)

    def forward(self, image):
        x = self.pool(self.features(image))
        return self.classifier(torch.flatten(x, 1))


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.shortcut = nn.Conv2d(inputs, outputs, 1, stride) if stride > 1 else nn.Identity()

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        y += self.shortcut(x)
        return self.relu(y)


class ResNet8(nn.Module):
    """The residual network of MLPerf Tiny: [N, 3, 32, 32] to 10 classes."""

    def __init__(self, classes=10):
        super().__init__()
        self.stem = conv_bn(3, 16, 3)
        self.stages = nn.Sequential(
            ResidualBlock(16, 16, 1), ResidualBlock(16, 32, 2), ResidualBlock(32, 64, 2)
        )
        self.classifier = nn.Linear(64, classes)

    def forward(self, image):
        x = self.stages(self.stem(image))
        return self.classifier(x.mean(dim=(2, 3)))


class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed):
        super().__init__()
        self.reduce = nn.Conv2d(channels, squeezed, 1)
        self.expand = nn.Conv2d(squeezed, channels, 1)

    def forward(self, x):
        scale = F.adaptive_avg_pool2d(x, 1)
        scale = F.relu(self.reduce(scale))
        return x * F.hardsigmoid(self.expand(scale))


class InvertedResidual(nn.Module):
    def __init__(self, inputs, outputs, expanded, stride, act, squeeze):
        super().__init__()
        self.skip = stride == 1 and inputs == outputs
        layers = [conv_bn(inputs, expanded, 1, act=act)]
        layers.append(conv_bn(expanded, expanded, 5, stride, groups=expanded, act=act))
        if squeeze:
            layers.append(SqueezeExcite(expanded, expanded // 4))
        layers += [nn.Conv2d(expanded, outputs, 1, bias=False), nn.BatchNorm2d(outputs)]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        y = self.layers(x)
        return x + y if self.skip else y


class InvertedNet(nn.Module):
    """Inverted residuals with hard-swish and squeeze-excite: [N, 3, 32, 32] to 10 classes."""

    def __init__(self, classes=10):
        super().__init__()
        self.features = nn.Sequential(
            conv_bn(3, 8, 3, 2, act=nn.Hardswish),
            InvertedResidual(8, 8, 16, 1, nn.ReLU, True),
            InvertedResidual(8, 16, 32, 2, nn.ReLU, False),
            InvertedResidual(16, 16, 48, 1, nn.Hardswish, True),
            InvertedResidual(16, 24, 64, 2, nn.Hardswish, True),
            conv_bn(24, 96, 1, act=nn.Hardswish),
            nn.AdaptiveAvgPool2d(1),
        )
        self.classifier = nn.Sequential(
            nn.Flatten(), nn.Linear(96, 64), nn.Hardswish(), nn.Dropout(0.1), nn.Linear(64, classes)
        )

    def forward(self, image):
        return self.classifier(self.features(image))


class TemporalBlock(nn.Module):
    """Two causal convolutions in time beside a shortcut."""

    def __init__(self, inputs, outputs, dilation):
        super().__init__()
        self.pad = nn.ConstantPad1d((2 * dilation, 0), 0.0)
        self.conv1 = nn.Conv1d(inputs, outputs, 3, dilation=dilation)
        self.conv2 = nn.Conv1d(outputs, outputs, 3, dilation=dilation)
        self.match = nn.Conv1d(inputs, outputs, 1) if inputs != outputs else None

    def forward(self, x):
        y = F.leaky_relu(self.conv1(self.pad(x)), 0.1)
        y = F.leaky_relu(self.conv2(self.pad(y)), 0.1)
        return F.relu(y + (x if self.match is None else self.match(x)))


class TemporalNet(nn.Module):
    """A temporal convolution network: [N, 3, 96] of motion to 6 classes."""

    def __init__(self, classes=6):
        super().__init__()
        self.blocks = nn.Sequential(
            TemporalBlock(3, 16, 1), TemporalBlock(16, 16, 2), TemporalBlock(16, 24, 4)
        )
        self.classifier = nn.Linear(24, classes)

    def forward(self, motion):
        return self.classifier(self.blocks(motion)[:, :, -1])


class GruNet(nn.Module):
    """A gated recurrent unit over [N, 96, 3] of motion to 6 classes."""

    def __init__(self, hidden=24, classes=6):
        super().__init__()
        self.gru = nn.GRU(3, hidden, batch_first=True)
        self.classifier = nn.Linear(hidden, classes)

    def forward(self, motion):
        y, _ = self.gru(motion)
        return F.log_softmax(self.classifier(y[:, -1]), dim=1)


class Encoder(nn.Module):
    """A transformer's encoder over [N, 24, 12] of motion in windows to 6 classes."""

    def __init__(self, width=32, heads=4, depth=1, classes=6):
        super().__init__()
        self.embed = nn.Linear(12, width)
        self.positions = nn.Parameter(torch.zeros(1, 24, width))
        layer = nn.TransformerEncoderLayer(
            width, heads, 64, dropout=0.1, activation="gelu", batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, depth, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(width)
        self.classifier = nn.Linear(width, classes)

    def forward(self, windows):
        x = self.embed(windows) + self.positions
        x = self.norm(self.encoder(x))
        return self.classifier(x.mean(dim=1))
