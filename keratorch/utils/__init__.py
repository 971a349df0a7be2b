"""What Keras calls utils: labels, seeds, files, datasets, images, the progress bar.

Each name is loaded when it is first asked for: what a download needs (urllib, ssl,
zipfile) takes longer to import than the rest of KeraTorch.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from keratorch.errors import suggest

if TYPE_CHECKING:
    from keratorch.backend import clear_session as clear_session
    from keratorch.backend import is_keras_tensor as is_keras_tensor
    from keratorch.config import (
        disable_interactive_logging as disable_interactive_logging,
    )
    from keratorch.config import (
        enable_interactive_logging as enable_interactive_logging,
    )
    from keratorch.config import (
        is_interactive_logging_enabled as is_interactive_logging_enabled,
    )
    from keratorch.custom_objects import CustomObjectScope as CustomObjectScope
    from keratorch.custom_objects import custom_object_scope as custom_object_scope
    from keratorch.custom_objects import get_custom_objects as get_custom_objects
    from keratorch.custom_objects import get_registered_name as get_registered_name
    from keratorch.custom_objects import get_registered_object as get_registered_object
    from keratorch.custom_objects import (
        register_keras_serializable as register_keras_serializable,
    )
    from keratorch.dtypes import standardize_dtype as standardize_dtype
    from keratorch.inspect.plot_model import model_to_dot as model_to_dot
    from keratorch.inspect.plot_model import plot_model as plot_model
    from keratorch.models.feature_space import FeatureSpace as FeatureSpace
    from keratorch.saving import deserialize_keras_object as deserialize_keras_object
    from keratorch.saving import serialize_keras_object as serialize_keras_object
    from keratorch.utils import bounding_boxes as bounding_boxes
    from keratorch.utils.config import Config as Config
    from keratorch.utils.dataset import Dataset as Dataset
    from keratorch.utils.dataset_utils import split_dataset as split_dataset
    from keratorch.utils.file_utils import get_file as get_file
    from keratorch.utils.graph_utils import get_source_inputs as get_source_inputs
    from keratorch.utils.image_dataset_utils import (
        image_dataset_from_directory as image_dataset_from_directory,
    )
    from keratorch.utils.image_utils import array_to_img as array_to_img
    from keratorch.utils.image_utils import img_to_array as img_to_array
    from keratorch.utils.image_utils import load_img as load_img
    from keratorch.utils.image_utils import save_img as save_img
    from keratorch.utils.numerical_utils import normalize as normalize
    from keratorch.utils.numerical_utils import to_categorical as to_categorical
    from keratorch.utils.progbar import Progbar as Progbar
    from keratorch.utils.py_dataset import PyDataset as PyDataset
    from keratorch.utils.py_dataset import Sequence as Sequence
    from keratorch.utils.py_dataset import (
        pack_x_y_sample_weight as pack_x_y_sample_weight,
    )
    from keratorch.utils.py_dataset import (
        unpack_x_y_sample_weight as unpack_x_y_sample_weight,
    )
    from keratorch.utils.rng_utils import set_random_seed as set_random_seed
    from keratorch.utils.sequence_utils import pad_sequences as pad_sequences
    from keratorch.utils.text_dataset_utils import (
        text_dataset_from_directory as text_dataset_from_directory,
    )
    from keratorch.utils.timeseries_dataset_utils import (
        timeseries_dataset_from_array as timeseries_dataset_from_array,
    )

_MODULE_OF = {
    "Config": "keratorch.utils.config",
    "FeatureSpace": "keratorch.models.feature_space",
    "clear_session": "keratorch.backend",
    "disable_interactive_logging": "keratorch.config",
    "enable_interactive_logging": "keratorch.config",
    "is_interactive_logging_enabled": "keratorch.config",
    "is_keras_tensor": "keratorch.backend",
    "standardize_dtype": "keratorch.dtypes",
    "Dataset": "keratorch.utils.dataset",
    "Progbar": "keratorch.utils.progbar",
    "PyDataset": "keratorch.utils.py_dataset",
    "Sequence": "keratorch.utils.py_dataset",
    "model_to_dot": "keratorch.inspect.plot_model",
    "plot_model": "keratorch.inspect.plot_model",
    "array_to_img": "keratorch.utils.image_utils",
    "audio_dataset_from_directory": "keratorch.utils.audio_dataset_utils",
    "get_file": "keratorch.utils.file_utils",
    "get_source_inputs": "keratorch.utils.graph_utils",
    "image_dataset_from_directory": "keratorch.utils.image_dataset_utils",
    "img_to_array": "keratorch.utils.image_utils",
    "load_img": "keratorch.utils.image_utils",
    "normalize": "keratorch.utils.numerical_utils",
    "pack_x_y_sample_weight": "keratorch.utils.py_dataset",
    "pad_sequences": "keratorch.utils.sequence_utils",
    "save_img": "keratorch.utils.image_utils",
    "set_random_seed": "keratorch.utils.rng_utils",
    "split_dataset": "keratorch.utils.dataset_utils",
    "text_dataset_from_directory": "keratorch.utils.text_dataset_utils",
    "timeseries_dataset_from_array": "keratorch.utils.timeseries_dataset_utils",
    "to_categorical": "keratorch.utils.numerical_utils",
    "unpack_x_y_sample_weight": "keratorch.utils.py_dataset",
}
for _name in ("deserialize_keras_object", "serialize_keras_object"):
    _MODULE_OF[_name] = "keratorch.saving"
for _name in (
    "CustomObjectScope",
    "custom_object_scope",
    "get_custom_objects",
    "get_registered_name",
    "get_registered_object",
    "register_keras_serializable",
):
    _MODULE_OF[_name] = "keratorch.custom_objects"

__all__ = [*_MODULE_OF, "bounding_boxes"]


def __getattr__(name: str) -> Any:
    if name == "bounding_boxes":
        return importlib.import_module("keratorch.utils.bounding_boxes")
    if name in _MODULE_OF:
        return getattr(importlib.import_module(_MODULE_OF[name]), name)
    if name.startswith("__"):
        raise AttributeError(name)
    raise AttributeError(f"keratorch.utils has no {name!r}. {suggest(name, __all__)}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
