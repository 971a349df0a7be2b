"""Layers that wrap models of other libraries, which do not run on NumPy."""

from keratorch.refused import refused

_USE = "Write the computation as a Layer of your own, with NumPy functions in call()."

FlaxLayer = refused(
    "layers.FlaxLayer", f"it wraps a module of Flax, which runs on JAX. {_USE}"
)
JaxLayer = refused(
    "layers.JaxLayer", f"it wraps a function of JAX, whose arrays are others. {_USE}"
)
TFSMLayer = refused(
    "layers.TFSMLayer",
    "it runs a SavedModel, which needs TensorFlow. Load the model with Keras, save it "
    "as a '.keras' file, and read that with keratorch.saving.load_model.",
)
TorchModuleWrapper = refused(
    "layers.TorchModuleWrapper",
    f"it wraps a module of PyTorch, whose tensors are others. {_USE}",
)
