"""How a layer is to be quantized: what ``layer.quantize(config=...)`` is given."""

from __future__ import annotations

from typing import Any

from keratorch import lazy
from keratorch.dtype_policies import QUANTIZATION_MODES
from keratorch.errors import suggest
from keratorch.quantizers.quantizer import AbsMaxQuantizer

room = lazy.Postponed("keratorch.quantizers")


class QuantizationConfig:
    """The base of such configurations; a subclass says its `mode`.

    Parameters
    ----------
    weight_quantizer : Quantizer of weights; None for that of the layer.
    activation_quantizer : Quantizer of inputs; None where they stay floats.

    Examples
    --------
    >>> Int8QuantizationConfig(activation_quantizer=None).mode
    'int8'
    """

    def __init__(self, weight_quantizer: Any = None, activation_quantizer: Any = None):
        self.weight_quantizer = weight_quantizer
        self.activation_quantizer = activation_quantizer

    @property
    def mode(self) -> str:
        """One of 'int8', 'int4', 'float8', 'gptq' and 'awq'."""
        raise NotImplementedError(
            f"{type(self).__name__} has no mode. Use Int8QuantizationConfig, or define "
            "the property in a subclass."
        )

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            "weight_quantizer": _described(self.weight_quantizer),
            "activation_quantizer": _described(self.activation_quantizer),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> QuantizationConfig:
        """Make the configuration that `get_config` described."""
        return cls(
            **{
                name: room.get(value) if name.endswith("quantizer") else value
                for name, value in config.items()
            }
        )

    @staticmethod
    def weight_quantizer_or_default(config: Any, default: Any) -> Any:
        """Return the quantizer of weights of a configuration, or a default."""
        chosen = None if config is None else config.weight_quantizer
        return default if chosen is None else chosen

    @staticmethod
    def activation_quantizer_or_default(config: Any, default: Any) -> Any:
        """Return the quantizer of inputs; a default where there is no configuration."""
        return default if config is None else config.activation_quantizer


class Int8QuantizationConfig(QuantizationConfig):
    """Weights as whole numbers from -127 to 127.

    Parameters
    ----------
    weight_quantizer : Quantizer of weights to int8; None for that of the layer.
    activation_quantizer : Quantizer of inputs; by default an `AbsMaxQuantizer`. With
        None inputs stay floats.

    Raises
    ------
    ValueError : a `weight_quantizer` with another type of output.

    Examples
    --------
    >>> Int8QuantizationConfig().activation_quantizer.value_range
    (-127, 127)
    """

    def __init__(
        self, weight_quantizer: Any = None, activation_quantizer: Any = "default"
    ):
        if activation_quantizer == "default":
            activation_quantizer = AbsMaxQuantizer()
        super().__init__(weight_quantizer, activation_quantizer)
        _check_int8("Int8QuantizationConfig", weight_quantizer)

    @property
    def mode(self) -> str:
        """'int8'."""
        return "int8"


class Int4QuantizationConfig(QuantizationConfig):
    """Weights as whole numbers from -8 to 7, in Keras; layers here do not compute so.

    Parameters
    ----------
    weight_quantizer : Quantizer of weights to -8 to 7; None for that of the layer.
    activation_quantizer : Quantizer of inputs; by default they stay floats.
    block_size : int, how many weights of a column share a scale; None or -1 for all.

    Raises
    ------
    ValueError : another `block_size`, or quantizers beside one.

    Examples
    --------
    >>> Int4QuantizationConfig().block_size
    128
    """

    def __init__(
        self,
        weight_quantizer: Any = None,
        activation_quantizer: Any = "default",
        block_size: int | None = 128,
    ):
        if activation_quantizer == "default":
            activation_quantizer = None
        super().__init__(weight_quantizer, activation_quantizer)
        self.block_size = block_size
        place = "Int4QuantizationConfig"
        if block_size is not None and block_size != -1:
            if block_size <= 0:
                raise ValueError(
                    f"{place}: block_size must be None, -1 or more than 0; received "
                    f"{block_size}."
                )
            if (weight_quantizer, activation_quantizer) != (None, None):
                raise ValueError(
                    f"{place}: blocks have a quantizer of their own; received "
                    f"block_size={block_size} beside another. Use block_size=None."
                )
        _check_int8(place, weight_quantizer)
        if weight_quantizer is not None and weight_quantizer.value_range != (-8, 7):
            raise ValueError(
                f"{place}: weight_quantizer must have the value_range (-8, 7); "
                f"received {weight_quantizer.value_range}."
            )

    @property
    def mode(self) -> str:
        """'int4'."""
        return "int4"

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "block_size": self.block_size}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> QuantizationConfig:
        """Make the configuration; one without `block_size` had whole columns."""
        return super().from_config({"block_size": None, **config})


class Float8QuantizationConfig(QuantizationConfig):
    """Products of floats of 8 bits, in Keras; layers here do not compute so.

    Examples
    --------
    >>> Float8QuantizationConfig().mode
    'float8'
    """

    def __init__(self) -> None:
        super().__init__(None, None)

    @property
    def mode(self) -> str:
        """'float8'."""
        return "float8"

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments: none."""
        return {}


def chosen_config(mode: str | None, config: Any) -> QuantizationConfig:
    """Return the configuration that the arguments of ``quantize`` mean.

    Raises
    ------
    ValueError : none was given, an unknown mode, or a mode that is not the
        configuration's.
    NotImplementedError : a mode that only Keras has.

    Examples
    --------
    >>> type(chosen_config("int8", None)).__name__
    'Int8QuantizationConfig'
    """
    if isinstance(config, str):
        mode, config = config, None
    if mode is None and config is None:
        raise ValueError("quantize: give mode or config, such as mode='int8'.")
    if config is not None and not isinstance(config, QuantizationConfig):
        raise ValueError(
            "quantize: config must be a QuantizationConfig, such as "
            f"Int8QuantizationConfig(); received {config!r}."
        )
    wanted = mode if config is None else config.mode
    if wanted not in QUANTIZATION_MODES:
        raise ValueError(
            f"quantize: mode must be one of {QUANTIZATION_MODES}; received "
            f"{wanted!r}. {suggest(str(wanted), QUANTIZATION_MODES)}"
        )
    if mode is not None and mode != wanted:
        raise ValueError(
            f"quantize: mode={mode!r} and a config of mode {wanted!r} were given. "
            "Leave mode out."
        )
    if wanted != "int8":
        raise NotImplementedError(
            f"quantize: mode {wanted!r} is not there; layers here can be quantized to "
            "'int8' alone. Use mode='int8'."
        )
    return Int8QuantizationConfig() if config is None else config


def _described(quantizer: Any) -> Any:
    return None if quantizer is None else room.serialize(quantizer)


def _check_int8(place: str, quantizer: Any) -> None:
    if quantizer is not None and quantizer.output_dtype != "int8":
        raise ValueError(
            f"{place}: weight_quantizer must have output_dtype='int8'; received "
            f"{quantizer.output_dtype!r}."
        )
