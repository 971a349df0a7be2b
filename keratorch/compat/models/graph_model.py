"""`Graph` of Keras 0: a model of nodes that are named one by one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from keratorch import layers
from keratorch.compat.layers.merging import merge
from keratorch.compat.spoken import say_modern
from keratorch.models import Model


class Graph:
    """Inputs, nodes and outputs by their names; data are dicts by these.

    What it does not have itself, as `summary` or `save_weights`, the model has that is
    made of it.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     graph = Graph()
    ...     graph.add_input("x", input_shape=(3,))
    ...     graph.add_node(layers.Dense(2), name="two", input="x")
    ...     graph.add_output("y", input="two")
    >>> graph.model.output_shape
    (None, 2)
    """

    def __init__(self) -> None:
        say_modern("keras.models.Graph()", "keras.Model(inputs, outputs)")
        self.inputs: dict[str, Any] = {}
        self.outputs: dict[str, Any] = {}
        self.nodes: dict[str, Any] = {}  # layers
        self._found: dict[str, Any] = {}  # symbolic arrays of inputs and nodes
        self._dtypes: dict[str, Any] = {}  # of inputs whose shape is not known yet
        self._model: Any = None

    def add_input(
        self,
        name: str,
        input_shape: Sequence[int | None] | None = None,
        batch_input_shape: Sequence[int | None] | None = None,
        dtype: str = "float",
        ndim: int | None = None,
    ) -> None:
        """Add an input; a dtype of 'int' means labels or words.

        Without a shape, the first layer behind it says it, as Dense(64, 2) does. `ndim`
        was the number of its axes then.
        """
        if batch_input_shape is None and input_shape is not None:
            batch_input_shape = (None, *input_shape)
        self._dtypes[name] = "int32" if dtype in ("int", int) else None
        self.inputs[name] = None  # keeps the order of inputs
        if batch_input_shape is not None:
            self._begin(name, batch_input_shape)

    def _begin(self, name: str, batch_shape: Any) -> None:
        """Make the symbolic array of an input whose shape is known now."""
        dtype = self._dtypes.pop(name)
        made = layers.Input(batch_shape=tuple(batch_shape), dtype=dtype, name=name)
        self.inputs[name] = self._found[name] = made

    def add_node(
        self,
        layer: Any,
        name: str,
        input: str | None = None,
        inputs: Sequence[str] = (),
        merge_mode: str = "concat",
        concat_axis: int = -1,
        dot_axes: Any = -1,
        create_output: bool = False,
    ) -> None:
        """Add a layer behind one node, or behind several that are merged."""
        known = getattr(layer, "_batch_shape", None)
        if input in self._dtypes and known is not None:
            self._begin(str(input), known)
        merged = self._merged(input, inputs, merge_mode, concat_axis, dot_axes)
        self.nodes[name] = layer
        self._found[name] = layer(merged)
        if create_output:
            self.add_output(name, input=name)

    def add_shared_node(
        self,
        layer: Any,
        name: str,
        inputs: Sequence[str] = (),
        merge_mode: str | None = None,
        concat_axis: int = -1,
        dot_axes: Any = -1,
        outputs: Sequence[str] = (),
        create_output: bool = False,
    ) -> None:
        """Add a layer behind each of several nodes, with the same weights.

        Either `outputs` names what it gives for each, or these are merged into the
        node `name`: with ``merge_mode='join'``, into a dict by the names of the inputs.

        Raises
        ------
        ValueError : neither of both, or not as many outputs as inputs.
        """
        if merge_mode is None and len(outputs) != len(inputs):
            raise ValueError(
                f"Graph: the shared node {name!r} needs a merge_mode, or as many "
                f"outputs as inputs; received {len(outputs)} and {len(inputs)}."
            )
        given = [self._input_of(layer, one) for one in inputs]
        self.nodes[name] = layer
        found = dict(zip(inputs, map(layer, given), strict=True))
        if merge_mode is None:
            self._found.update(zip(outputs, found.values(), strict=True))
        elif merge_mode == "join":
            self._found[name] = found
        else:
            self._found[name] = merge(
                list(found.values()),
                mode=merge_mode,
                concat_axis=concat_axis,
                dot_axes=dot_axes,
            )
        if create_output:
            self.add_output(name, input=name)

    def _input_of(self, layer: Any, name: str) -> Any:
        """Return the symbolic array of a node, whose shape the layer may say."""
        known = getattr(layer, "_batch_shape", None)
        if name in self._dtypes and known is not None:
            self._begin(name, known)
        return self._merged(name, (), "concat", -1, -1)

    def add_output(
        self,
        name: str,
        input: str | None = None,
        inputs: Sequence[str] = (),
        merge_mode: str = "concat",
        concat_axis: int = -1,
        dot_axes: Any = -1,
    ) -> None:
        """Add an output: a node, or several that are merged."""
        merged = self._merged(input, inputs, merge_mode, concat_axis, dot_axes)
        self.outputs[name] = layers.Activation("linear", name=name)(merged)
        self._model = None

    def _merged(
        self, one: str | None, several: Sequence[str], mode: str, axis: int, dot: Any
    ) -> Any:
        names = list(several) or [str(one)]
        shapeless = [name for name in names if name in self._dtypes]
        if shapeless:
            raise ValueError(
                f"Graph: the shape of the input {shapeless[0]!r} is not known. Write "
                f"add_input({shapeless[0]!r}, input_shape=...)."
            )
        unknown = [name for name in names if name not in self._found]
        if unknown:
            raise ValueError(
                f"Graph: there is no node {unknown[0]!r} yet; known are "
                f"{', '.join(map(repr, self._found))}. Add it first."
            )
        found = [self._found[name] for name in names]
        if len(found) == 1:
            return found[0]
        return merge(found, mode=mode, concat_axis=axis, dot_axes=dot)

    @property
    def model(self) -> Any:
        """The model of all inputs and outputs."""
        if self._model is None:
            outputs = list(self.outputs.values())
            self._model = Model(list(self.inputs.values()), outputs)
        return self._model

    def fit(
        self, data: Mapping[str, Any], validation_data: Any = None, **kwargs: Any
    ) -> Any:
        """Train on a dict of inputs and targets; `validation_data` is such a dict."""
        if validation_data is not None:
            kwargs["validation_data"] = self._x_and_y(validation_data)
        return self.model.fit(*self._x_and_y(data), **kwargs)

    def evaluate(self, data: Mapping[str, Any], **kwargs: Any) -> Any:
        """Return the loss on a dict of inputs and targets."""
        return self.model.evaluate(*self._x_and_y(data), **kwargs)

    def train_on_batch(self, data: Mapping[str, Any], **kwargs: Any) -> Any:
        """Train on one batch, a dict of inputs and targets."""
        return self.model.train_on_batch(*self._x_and_y(data), **kwargs)

    def test_on_batch(self, data: Mapping[str, Any], **kwargs: Any) -> Any:
        """Return the loss on one batch, a dict of inputs and targets."""
        return self.model.test_on_batch(*self._x_and_y(data), **kwargs)

    def predict(self, data: Mapping[str, Any], **kwargs: Any) -> dict[str, Any]:
        """Return a dict of the outputs for a dict of inputs."""
        found = self.model.predict(self._x_and_y(data)[0], **kwargs)
        found = found if isinstance(found, list) else [found]
        return dict(zip(self.outputs, found, strict=True))

    def to_json(self, **kwargs: Any) -> str:
        """Return the graph as JSON, from which `model_from_json` makes a new one."""
        config = {
            "class_name": "Graph",
            "inputs": list(self.inputs),
            "outputs": list(self.outputs),
            "config": json.loads(self.model.to_json()),
        }
        return json.dumps(config, **kwargs)

    @classmethod
    def around(cls, model: Any, inputs: Iterable[str], outputs: Iterable[str]) -> Graph:
        """Return the graph of a model whose inputs and outputs have these names."""
        graph = cls()
        graph.inputs = dict(zip(inputs, _listed(model.inputs), strict=True))
        graph.outputs = dict(zip(outputs, _listed(model.outputs), strict=True))
        graph.nodes = {layer.name: layer for layer in model.layers}
        graph._found = {**graph.inputs, **graph.outputs}
        graph._model = model
        return graph

    def _x_and_y(self, data: Mapping[str, Any]) -> tuple[dict, Any]:
        x = {name: data[name] for name in self.inputs}
        y = {name: data[name] for name in self.outputs if name in data}
        return x, next(iter(y.values())) if len(self.outputs) == 1 and y else y

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.model, name)


def _listed(symbols: Any) -> list[Any]:
    return list(symbols) if isinstance(symbols, (list, tuple)) else [symbols]
