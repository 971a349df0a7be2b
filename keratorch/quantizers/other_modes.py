"""Configurations of ways to quantize that layers here do not have."""

from keratorch.refused import refused

_USE = "Layers here can be quantized to 'int8' alone: use Int8QuantizationConfig()."

AWQConfig = refused("quantizers.AWQConfig", f"AWQ weighs 4-bit weights by data. {_USE}")
GPTQConfig = refused(
    "quantizers.GPTQConfig", f"GPTQ corrects rounded weights by data. {_USE}"
)
