"""Policies of layers whose weights are kept as whole numbers of few bits."""

from __future__ import annotations

from typing import Any, ClassVar

from keratorch.dtype_policies import QUANTIZATION_MODES
from keratorch.dtype_policies.policy import DTypePolicy, computed, dtype_policy
from keratorch.errors import suggest

_HALVES = ("float16", "mixed_float16")


class QuantizedDTypePolicy(DTypePolicy):
    """The policy of a layer whose weights are kept as whole numbers.

    Parameters
    ----------
    mode : 'int8', in which layers here compute; 'int4', 'float8', 'gptq' or 'awq', as
        in files of Keras.
    source_name : str, the policy of the layer before; by default that for all layers.

    Raises
    ------
    ValueError : an unknown mode, a source that is no float type, or 'int8' from
        float16, in which the sums would overflow.

    Examples
    --------
    >>> policy = QuantizedDTypePolicy("int8", "float32")
    >>> policy, policy.quantization_mode, policy.compute_dtype
    (<QuantizedDTypePolicy "int8_from_float32">, 'int8', 'float32')
    """

    def __init__(self, mode: str, source_name: str | None = None):
        if source_name is None:
            source_name = dtype_policy().name
        self._dtype = computed(source_name)
        self._mode = self._checked_mode(mode)
        self._source_name = source_name
        if self._mode == "int8" and source_name in _HALVES:
            raise ValueError(
                f"{type(self).__name__}: mode='int8' needs a source with more range "
                f"than {source_name!r}. Use 'float32'."
            )
        self._name = f"{mode}_from_{source_name}"

    def _checked_mode(self, mode: Any) -> str:
        """Return the mode without what a subclass writes behind it."""
        if mode not in QUANTIZATION_MODES:
            raise ValueError(
                f"{type(self).__name__}: mode must be one of {QUANTIZATION_MODES}; "
                f"received {mode!r}. {suggest(str(mode), QUANTIZATION_MODES)}"
            )
        return mode

    @property
    def quantization_mode(self) -> str:
        """How whole numbers stand for floats."""
        return self._mode

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        mode = self._name.partition("_from_")[0]
        return {"mode": mode, "source_name": self._source_name}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and (
            (type(self), self.get_config()) == (type(other), other.get_config())
        )

    def __hash__(self) -> int:
        return hash(self.name)


class QuantizedFloat8DTypePolicy(QuantizedDTypePolicy):
    """The policy of a layer that multiplies floats of 8 bits, as Keras's files name it.

    Parameters
    ----------
    mode : 'float8'.
    source_name : str, the policy of the layer before; by default that for all layers.
    amax_history_length : int, of how many steps the largest number is remembered.

    Raises
    ------
    TypeError : `amax_history_length` is no int.

    Examples
    --------
    >>> QuantizedFloat8DTypePolicy("float8", "float32").amax_history_length
    1024
    """

    default_amax_history_length = 1024

    def __init__(
        self,
        mode: str,
        source_name: str | None = None,
        amax_history_length: int = 1024,
    ):
        super().__init__(mode, source_name)
        if not isinstance(amax_history_length, int):
            raise TypeError(
                "QuantizedFloat8DTypePolicy: amax_history_length must be an int; "
                f"received {amax_history_length!r}."
            )
        self._amax_history_length = amax_history_length

    @property
    def amax_history_length(self) -> int:
        """Of how many steps the largest number is remembered."""
        return self._amax_history_length

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        length = self._amax_history_length
        return {**super().get_config(), "amax_history_length": length}


class _WithNumbers(QuantizedDTypePolicy):
    """A policy whose mode has numbers behind it: ``"gptq/4/128"``."""

    form: ClassVar[str]
    bits: ClassVar[tuple[int, ...]] = ()

    def _checked_mode(self, mode: Any) -> str:
        names = self.form.split("/")
        parts = str(mode).split("/")
        try:
            numbers = [int(part) for part in parts[1:]]
        except ValueError:
            numbers = []
        wrong = len(numbers) != len(names) - 1 or parts[0] != names[0]
        size = 0 if wrong else numbers[-1]
        allowed = not self.bits or (not wrong and numbers[0] in self.bits)
        if wrong or size < -1 or size == 0 or not allowed:
            bits = f"weight_bits one of {self.bits} and " if self.bits else ""
            raise ValueError(
                f"{type(self).__name__}: mode must have the form {self.form!r}, {bits}"
                f"{names[-1]} -1 or more than 0; received {mode!r}."
            )
        for name, number in zip(names[1:], numbers, strict=True):
            setattr(self, name, number)
        self.mode = names[0]
        return self.mode


class Int4DTypePolicy(_WithNumbers):
    """The policy of a layer with weights of 4 bits, as Keras's files name it.

    Parameters
    ----------
    mode : 'int4/<block_size>': how many weights share a scale, -1 for a whole column.
    source_name : str, the policy of the layer before; by default that for all layers.

    Raises
    ------
    ValueError : a mode of another form.

    Examples
    --------
    >>> Int4DTypePolicy("int4/128", "float32").block_size
    128
    """

    form = "int4/block_size"
    block_size: int


class GPTQDTypePolicy(_WithNumbers):
    """The policy of a layer quantized by GPTQ, as Keras's files name it.

    Parameters
    ----------
    mode : 'gptq/<weight_bits>/<group_size>', with 2, 3, 4 or 8 bits, and groups of -1
        for the whole weight.
    source_name : str, the policy of the layer before; by default that for all layers.

    Raises
    ------
    ValueError : a mode of another form.

    Examples
    --------
    >>> policy = GPTQDTypePolicy("gptq/4/128", "float32")
    >>> policy.weight_bits, policy.group_size
    (4, 128)
    """

    form = "gptq/weight_bits/group_size"
    bits = (2, 3, 4, 8)
    weight_bits: int
    group_size: int


class AWQDTypePolicy(_WithNumbers):
    """The policy of a layer quantized by AWQ, as Keras's files name it.

    Parameters
    ----------
    mode : 'awq/4/<group_size>', with groups of -1 for a whole column.
    source_name : str, the policy of the layer before; by default that for all layers.

    Raises
    ------
    ValueError : a mode of another form.

    Examples
    --------
    >>> AWQDTypePolicy("awq/4/-1", "float32").group_size
    -1
    """

    form = "awq/weight_bits/group_size"
    bits = (4,)
    weight_bits: int
    group_size: int


def from_name(name: str) -> QuantizedDTypePolicy:
    """Return the policy of a name such as 'int8_from_float32'.

    Raises
    ------
    ValueError : a name of another form.

    Examples
    --------
    >>> from_name("int4/64_from_float32")
    <Int4DTypePolicy "int4/64_from_float32">
    """
    mode, *sources = name.split("_from_")
    if len(sources) != 1:
        raise ValueError(
            "the name of a quantized dtype policy has the form 'int8_from_float32'; "
            f"received {name!r}."
        )
    kinds: dict[str, type[QuantizedDTypePolicy]] = {
        "int4/": Int4DTypePolicy,
        "gptq": GPTQDTypePolicy,
        "awq": AWQDTypePolicy,
        "float8": QuantizedFloat8DTypePolicy,
    }
    kind = next((k for start, k in kinds.items() if mode.startswith(start)), None)
    return (kind or QuantizedDTypePolicy)(mode, sources[0])
