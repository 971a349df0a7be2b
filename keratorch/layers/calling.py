"""A layer being called: what happens to arrays before and after its ``call``."""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

import numpy as np

from keratorch.core import GradArray
from keratorch.layers.arguments import check_one_array
from keratorch.layers.calls import (
    Call,
    Signature,
    as_plain,
    building,
    current_call,
    holds_arrays,
    shape_of,
)
from keratorch.layers.input_spec import check_inputs
from keratorch.layers.weights import HoldsWeights
from keratorch.masks import get_mask, set_mask
from keratorch.nested import flatten, is_nested, map_structure
from keratorch.symbolic import any_symbolic


class IsCalled:
    """What is done around ``call``: dtypes, building, training, masks, losses."""

    name: str
    dtype: Any
    autocast: bool
    built = False
    trainable_weights: Any
    activity_regularizer: Any
    supports_masking = False  # else the mask of the input is passed on
    _signature: ClassVar[Signature]
    _makes_mask: ClassVar[bool] = False
    _has_own_door: ClassVar[bool] = False
    _keeps_integers: ClassVar[bool] = True  # else inputs become floats at the door
    _takes_lists: ClassVar[bool] = False  # of arrays; whoever writes `call` may
    _trains: bool | None
    _build_on: Any
    _call_losses: list[Any]
    _losses_of: Call | None
    _takes_texts: Any  # of a layer inside too: `HoldsWeights` looks
    input_spec: Any = None  # of the first argument, as `InputSpec`; None: anything
    call: Any
    compute_mask: Any
    compute_output_spec: Any
    _written_down: Any

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        cls._has_own_door = cls._at_the_door is not IsCalled._at_the_door
        if not str(cls.call.__module__).startswith("keratorch.layers."):
            cls._takes_lists = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        around = current_call.get()
        if (
            len(args) == 1
            and not kwargs
            and around is not None
            and around.training is not None
            and self._fits(args[0])
        ):
            return self._called_inside(args[0], around.training)
        if "_nodes" not in self.__dict__:
            raise TypeError(
                f"{type(self).__name__}.__init__ must call super().__init__(), which "
                "makes what every layer has. Begin with it."
            )
        if not args:
            args = (self._first_of(kwargs),)
        inputs, others = args[0], args[1:]
        simple = not others and (not kwargs or [*kwargs] == ["training"])
        simple = simple and all(map(_is_unmasked, _each(inputs)))
        if not simple:
            if any_symbolic(args, kwargs):
                return self._written_down(args, kwargs)
            others, kwargs = map_structure(self._converted, (others, kwargs))
        inputs = self._at_the_door(inputs)
        if self.input_spec is not None:
            check_inputs(self.input_spec, inputs, self.name)
        scope = token = None
        if not self.built:  # layers inside may be built by this first call, below it
            self._build_on((inputs, *others), kwargs)
            scope = building.set((*building.get(), self))
        training = kwargs.pop("training", None)
        if training is None:
            training = self._training_here(around)
        names = self._signature.names
        if training is not None and "training" in names[len(args) :]:
            kwargs["training"] = training
        if self._signature.masks and not simple:
            self._signature.fill_masks((inputs, *others), kwargs)
        if around is None or around.training != training:
            token = current_call.set(Call(training, around))
        try:
            outputs = self.call(inputs, *others, **kwargs)
            if not isinstance(outputs, GradArray):
                outputs = self._checked(inputs, outputs)
            if self.activity_regularizer is not None:
                self._penalize(outputs)
        except (TypeError, ValueError, IndexError) as error:
            self._note_where(error, inputs)
            raise
        finally:
            if token is not None:
                current_call.reset(token)
            if scope is not None:
                building.reset(scope)
        if self._makes_mask or not simple:
            self._pass_mask_on(inputs, outputs, kwargs.get("mask"))
        return outputs

    def _fits(self, inputs: Any) -> bool:
        """Return whether ``call`` can have an array, or a list of them, as it is."""
        if not self.built or self._has_own_door or self.input_spec is not None:
            return False
        if not (self._takes_lists or isinstance(inputs, GradArray)):
            return False
        for x in _each(inputs):
            if not (isinstance(x, GradArray) and x._array.dtype == self.dtype):
                return False
            if get_mask(x) is not None:
                return False
        return True

    def _called_inside(self, inputs: Any, training: bool) -> Any:
        """Return the outputs for inputs that fit, in a call that is running.

        Nearly all calls in training are such: this is `__call__` without what is for
        the others.
        """
        try:
            if self._signature.takes_training:
                outputs = self.call(inputs, training=training)
            else:
                outputs = self.call(inputs)
        except (TypeError, ValueError, IndexError) as error:
            self._note_where(error, inputs)
            raise
        if not isinstance(outputs, GradArray):
            outputs = self._checked(inputs, outputs)
        if self.activity_regularizer is not None:
            self._penalize(outputs)
        if self._makes_mask:
            self._pass_mask_on(inputs, outputs, None)
        return outputs

    def _note_where(self, error: Exception, inputs: Any) -> None:
        """Let an error say in which layer it arose, the innermost one."""
        notes = getattr(error, "__notes__", ())
        known = any(note.startswith("raised in ") for note in notes)
        if hasattr(error, "add_note") and not known:
            shapes = map_structure(lambda x: getattr(x, "shape", x), inputs)
            error.add_note(
                f"raised in {type(self).__name__} '{self.name}', called on inputs of "
                f"shape {shapes}"
            )

    def _first_of(self, kwargs: dict) -> Any:
        """Return what call's first parameter gets where all were given by name."""
        name = self._signature.names[0] if self._signature.names else "inputs"
        if name in kwargs:
            return kwargs.pop(name)
        if self._signature.needs_no_inputs:
            return None
        raise TypeError(
            f"{type(self).__name__} '{self.name}' was called without {name!r}, the "
            "array or arrays to compute on."
        )

    def _training_here(self, around: Call | None) -> bool | None:
        """Return whether a call trains that does not say so itself.

        None leaves it to the layers inside: images are then augmented, but nothing is
        dropped out.
        """
        if around is not None and around.training is not None:
            return around.training
        return self._signature.training if self._trains is None else self._trains

    def _checked(self, inputs: Any, outputs: Any) -> Any:
        """Return what `call` returned if it was no GradArray, and say what is wrong."""
        if is_nested(outputs):
            return map_structure(lambda x: self._checked(inputs, x), outputs)
        place = f"{type(self).__name__}.call of '{self.name}' returned"
        if outputs is None:
            raise TypeError(f"{place} None. Did you forget `return`?")
        if not isinstance(outputs, (np.ndarray, np.generic)):
            return outputs
        wanted = any(getattr(x, "requires_grad", False) for x in flatten(inputs))
        if outputs.dtype.kind == "f" and (wanted or self.trainable_weights):
            warnings.warn(
                f"{place} an ndarray, through which no gradient flows. This is right "
                "for steps such as sign and one_hot; else compute with the inputs by "
                "NumPy functions, and leave out .numpy() and np.asarray.",
                UserWarning,
                stacklevel=3,
            )
        return GradArray(outputs, requires_grad=False)

    def _penalize(self, outputs: Any) -> None:
        """Add the activity regularizer's penalty of each output to the loss."""
        for output in flatten(outputs):
            count = output.shape[0] if output.ndim else 1
            self.add_loss(self.activity_regularizer(output) / max(count, 1))

    def _begin_losses(self) -> None:
        """Forget the losses of a call of the whole model that is over."""
        call = current_call.get()
        outermost = None if call is None else call.outermost
        if self._losses_of is not outermost:
            self._losses_of, self._call_losses = outermost, []

    def _pass_mask_on(self, inputs: Any, outputs: Any, mask: Any) -> None:
        """Let the outputs carry the mask that belongs to them."""
        if isinstance(inputs, GradArray):
            carried = get_mask(inputs)
        else:
            carried = map_structure(get_mask, inputs)
            if not any(m is not None for m in flatten(carried)):
                carried = None
        mask = carried if mask is None else mask
        if mask is None and not self._makes_mask:
            return
        if not self.supports_masking and not self._makes_mask:
            if carried is not None:  # else the mask was given, such as an attention's
                self._warn_of_lost_mask()
            return
        results = flatten(outputs)
        missing = [get_mask(x) is None or x is inputs for x in results]
        if not any(missing):
            return
        masks = flatten(self.compute_mask(inputs, mask))
        for x, new, wanted in zip(results, masks, missing, strict=False):
            if wanted:
                set_mask(x, new)

    def _warn_of_lost_mask(self) -> None:
        warnings.warn(
            f"Layer '{self.name}' (of type {type(self).__name__}) does not support "
            "masking: the mask of its input is lost, and later layers and the loss "
            "count every step.",
            UserWarning,
            stacklevel=4,
        )

    def _at_the_door(self, inputs: Any) -> Any:
        """Return the inputs as GradArrays, floats in the layer's float type."""
        if isinstance(inputs, GradArray):
            if inputs._array.dtype == self.dtype:
                return inputs
            return self._converted(inputs)
        if isinstance(inputs, np.ndarray):
            return self._converted(inputs)
        if is_nested(inputs) and holds_arrays(inputs):
            if not self._takes_lists:
                check_one_array(self, shape_of(inputs))
            return map_structure(self._at_the_door, inputs)
        if inputs is None:
            return None
        if isinstance(inputs, HoldsWeights):
            raise TypeError(
                f"{type(self).__name__} '{self.name}' was called on the layer "
                f"'{inputs.name}'. Call it on the layer's output, an array: "
                f"x = {type(inputs).__name__}(...)(x)."
            )
        return self._converted(as_plain(inputs))

    def _converted(self, x: Any) -> Any:
        """Return an array as a GradArray of the layer's dtype, others as they are."""
        if isinstance(x, GradArray):
            kind, values = x._array.dtype.kind, x
        elif isinstance(x, np.ndarray) or hasattr(x, "__array__"):
            array = np.asarray(x)
            kind, values = array.dtype.kind, None
        else:
            return x
        if kind not in ("biufc" if self._keeps_integers else "biuf"):
            if self._takes_texts:
                return x
            fix = "Texts become numbers by a TextVectorization or StringLookup layer."
            if kind == "c":
                fix = "Pass x.real and x.imag, or np.abs(x)."
            raise TypeError(
                f"{type(self).__name__} '{self.name}' expects numbers; received "
                f"{type(x).__name__} of dtype {x.dtype}. {fix}"
            )
        keeps = self._keeps_integers if kind != "f" else not self.autocast
        if values is None:
            array = array if keeps else array.astype(self.dtype, copy=False)
            if array is x:
                array = array.view()
                array.flags.writeable = False  # it is the user's
            return GradArray(array, requires_grad=False)
        if keeps or values._array.dtype == self.dtype:
            return values
        values = values.astype(self.dtype)
        if not isinstance(values, GradArray):  # integers, which carry no gradient
            values = GradArray(values, requires_grad=False)
        set_mask(values, get_mask(x))
        return values

    def add_loss(self, loss: Any) -> None:
        """Add a number, or several, to the loss of the call that is running.

        Parameters
        ----------
        loss : GradArray, number or list of them, or a function without arguments that
            returns one and is called whenever losses are added up.
        """
        self._begin_losses()
        self._call_losses.extend(loss if isinstance(loss, (list, tuple)) else [loss])


def _each(inputs: Any) -> Any:
    """Return the parts of a list, or one alone."""
    return inputs if type(inputs) is list and inputs else (inputs,)


def _is_unmasked(x: Any) -> bool:
    return isinstance(x, (GradArray, np.ndarray)) and get_mask(x) is None
