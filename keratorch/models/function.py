"""Function: what symbolic arrays compute, as a function of arrays."""

from __future__ import annotations

from typing import Any

from keratorch import ops
from keratorch.layers.calls import map_shapes, shape_of
from keratorch.models.network import Network
from keratorch.naming import auto_name
from keratorch.symbolic import KerasTensor, infer, lifted
from keratorch.tree import map_structure_up_to


class Function:
    """The steps from symbolic inputs to symbolic outputs, to be run on arrays.

    A `Model` of the same inputs and outputs has weights and is trained; this computes.

    Parameters
    ----------
    inputs, outputs : KerasTensors, nested in lists, tuples and dicts.
    name : str, by default numbered.

    Raises
    ------
    ValueError : an output that depends on an input that is not given; when called,
        another structure than that of `inputs`.

    Examples
    --------
    >>> import keratorch as keras
    >>> a, b = keras.Input((2,)), keras.Input((2,))
    >>> difference = Function([a, b], a - b)
    >>> difference([[[5.0, 1.0]], [[2.0, 1.0]]]).numpy()
    array([[3., 0.]], dtype=float32)
    """

    def __init__(self, inputs: Any, outputs: Any, name: str | None = None):
        self.name = name or auto_name("function")
        self._network = Network(inputs, outputs, self.name)
        self._apply = lifted(self._run)

    @property
    def inputs(self) -> list[KerasTensor]:
        """The symbolic inputs, in order."""
        return self._network.flat_inputs

    @property
    def outputs(self) -> list[KerasTensor]:
        """The symbolic outputs, in order."""
        return self._network.flat_outputs

    def __call__(self, inputs: Any) -> Any:
        """Return the outputs for inputs, nested as those given first."""
        return self._apply(inputs)

    def compute_output_spec(self, inputs: Any) -> Any:
        """Return symbolic arrays like the outputs for symbolic inputs."""
        return infer(self._run, (inputs,), {})

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shapes of the outputs for the shapes of the inputs."""
        arrays = map_shapes(KerasTensor, input_shape)
        return shape_of(self.compute_output_spec(arrays))

    def _run(self, inputs: Any) -> Any:
        arrays: list[Any] = []
        map_structure_up_to(self._network.inputs, arrays.append, inputs)
        pairs = zip(arrays, self.inputs, strict=True)
        return self._network.run(
            [ops.convert_to_tensor(x, dtype=wanted.dtype) for x, wanted in pairs]
        )
