"""What a golden case is, and the random weights that cases share."""

import dataclasses
import zlib
from typing import Callable, Optional

import numpy as np
import tensorflow as tf

import tflite_models

INT8, FLOAT = "int8", "float"
BOTH = (INT8, FLOAT)


@dataclasses.dataclass(frozen=True)
class Case:
    """One network, made in one or two types.

    Attributes:
      name: the file name's first part.
      build: takes a random generator, returns a function of float tensors.
      shapes: input shapes, batch axis (1) first.
      ranges: calibration range of each input; they set the int8 scales and zero points. Random
        when not given.
      types: INT8, FLOAT or both.
      edit: takes and returns a flatbuffer; applied after conversion.
      edit_after_run: the same, applied once the outputs are known; must not change them.
    """

    name: str
    build: Callable
    shapes: tuple
    ranges: tuple = ()
    types: tuple = BOTH
    edit: Optional[Callable] = None
    edit_after_run: Optional[Callable] = None
    typed_name = True

    def seed(self):
        """Returns the seed of the case's random values."""
        return zlib.crc32(self.name.encode())

    def model(self, dtype):
        """Returns the flatbuffer."""
        rng = np.random.default_rng(self.seed())
        function = self.build(rng)
        ranges = self.ranges or [(rng.uniform(-3, -0.2), rng.uniform(0.2, 3)) for _ in self.shapes]
        flatbuffer = tflite_models.convert(
            function, self.shapes, ranges, dtype == INT8, self.seed()
        )
        return self.edit(flatbuffer) if self.edit else flatbuffer


@dataclasses.dataclass(frozen=True)
class Assembled:
    """A model assembled from the schema, whose name says its types.

    Attributes:
      flatbuffer: takes nothing, returns the model.
    """

    name: str
    flatbuffer: Callable
    types: tuple = (INT8,)
    edit_after_run: Optional[Callable] = None
    typed_name = False

    def seed(self):
        """Returns the seed of the case's random values."""
        return zlib.crc32(self.name.encode())

    def model(self, dtype):
        """Returns the flatbuffer."""
        del dtype
        return self.flatbuffer()


ACTIVATIONS = {"none": lambda x: x, "relu": tf.nn.relu, "relu6": tf.nn.relu6}


def weights(rng, shape, fan_in):
    """Returns normal weights whose last axis has scales that differ up to tenfold."""
    spread = 10.0 ** rng.uniform(-0.6, 0.4, size=shape[-1])
    return (rng.normal(size=shape) * spread / np.sqrt(fan_in)).astype(np.float32)


def bias(rng, count):
    """Returns a bias vector."""
    return rng.uniform(-0.5, 0.5, size=count).astype(np.float32)
