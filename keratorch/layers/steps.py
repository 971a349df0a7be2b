"""A layer as a step of a model: its symbolic inputs and outputs."""

from __future__ import annotations

from typing import Any, ClassVar

from keratorch import graph
from keratorch.layers.arguments import check_one_array
from keratorch.layers.calls import Signature, building, shape_of
from keratorch.layers.input_spec import check_inputs
from keratorch.layers.trial import state_kept
from keratorch.masks import get_mask
from keratorch.nested import flatten, is_nested, map_structure
from keratorch.symbolic import KerasTensor, Node, any_symbolic, infer


class IsStep:
    """What a layer knows of the symbolic calls that it had, its nodes."""

    name: str
    built: bool
    supports_masking: bool
    input_spec: Any
    weights: Any
    compute_mask: Any
    compute_output_shape: Any
    compute_output_spec: Any
    _build_on: Any
    __call__: Any
    _built_shape: Any
    _makes_mask: ClassVar[bool]
    _nodes: list[Node]
    _takes_lists: ClassVar[bool]
    _signature: ClassVar[Signature]
    _tells_shape: ClassVar[bool] = False  # by a `compute_output_shape` of its own

    @property
    def input(self) -> Any:
        """The symbolic input of its first call, for ``Model(layer.input, y)``.

        Raises
        ------
        AttributeError : the layer was never called on symbolic arrays.
        """
        inputs = self._first_node("input").inputs
        return inputs[0] if len(inputs) == 1 else inputs

    @property
    def output(self) -> Any:
        """The symbolic output of its first call, for ``Model(x, layer.output)``.

        Raises
        ------
        AttributeError : the layer was never called on symbolic arrays.
        """
        return self._first_node("output").outputs

    @property
    def input_shape(self) -> Any:
        """The shape of `input`, with None for the lengths that the data say."""
        return shape_of(self.input)

    @property
    def output_shape(self) -> Any:
        """The shape of `output`, with None for the lengths that the data say."""
        return shape_of(self.output)

    def _first_node(self, what: str) -> Node:
        if not self._nodes:
            raise AttributeError(
                f"{type(self).__name__} '{self.name}' has no {what} yet: it is no part "
                "of a model whose input is known. Begin the model with "
                "keratorch.Input(shape), or call it on data first."
            )
        return self._nodes[0]

    def _written_down(self, args: tuple, kwargs: dict) -> Any:
        """Return the symbolic outputs of a call on symbolic arrays, as a new node."""
        if not self._takes_lists and is_nested(args[0]):
            check_one_array(self, shape_of(args[0]))
        if self.input_spec is not None:
            check_inputs(self.input_spec, args[0], self.name)
        scope = None
        if not self.built:  # layers inside may be built below it, when it is tried
            self._build_on(args, kwargs)
            scope = building.set((*building.get(), self))
        elif not self._built_for_these(args, kwargs):
            with state_kept(self):  # which raises where its weights do not fit
                infer(self.__call__, args, kwargs)
        try:
            outputs = self.compute_output_spec(*args, **kwargs)
        finally:
            if scope is not None:
                building.reset(scope)
        self._foretell_masks(args[0], outputs)
        Node(self, args, kwargs, outputs)
        return outputs

    def _built_for_these(self, args: tuple, kwargs: dict) -> bool:
        """Return whether the layer was built for arrays of the shapes of these.

        Lengths that one of the two does not know are taken for equal.
        """
        if self._built_shape is None or not self.weights:
            return True
        shapes = self._signature.build_shapes(args, kwargs)
        new = flatten(shape_of(args[0]) if shapes is None else shapes)
        old = flatten(self._built_shape)
        pairs = zip(old, new, strict=False)
        return len(old) == len(new) and all(n == m or None in (n, m) for n, m in pairs)

    def _own_output_shapes(self, args: tuple, kwargs: dict) -> Any:
        """Return what a subclass's `compute_output_shape` says; None if it says none.

        One that fails, since it needs what `call` leaves behind, says none.
        """
        if (
            not self._tells_shape
            or not args
            or any_symbolic((*args[1:], *kwargs.values()))
        ):
            return None
        try:
            return self.compute_output_shape(shape_of(args[0]))
        except (AttributeError, TypeError, NameError):
            return None

    def _foretell_masks(self, inputs: Any, outputs: Any) -> None:
        """Note on symbolic outputs which of them will carry a mask."""
        masks = map_structure(get_mask, inputs)
        masked = any(mask is not None for mask in flatten(masks))
        if self._makes_mask:

            def made(inputs: Any, masks: Any) -> Any:
                return self.compute_mask(inputs, graph.plain(masks))

            masks = infer(made, (inputs, masks if masked else None), {})
        elif not (masked and self.supports_masking):
            return
        for output, mask in zip(flatten(outputs), flatten(masks), strict=False):
            if isinstance(output, KerasTensor) and get_mask(output) is None:
                output._keras_mask = mask
