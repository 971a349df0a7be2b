"""Which functions and methods of KeraTorch scripts get in another form."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType

#: Module -> its functions and methods -> what makes the one that scripts get.
WRAPPED: dict[str, dict[str, str]] = {
    "backend.state": {"backend": "older_backend.tensorflow_in_scripts"},
    "callbacks.progbar_logger": {"as_floats": "logs.giving_logs"},
    "layers.arguments": {"check_rate": "leniency.dropping_between"},
    "layers.calling": {"check_inputs": "leniency.of_the_first"},
    "layers.calls": {"shape_of": "array_attributes.plain_shapes"},
    "layers.convolution": {"Convolution.__init__": "older_ranks.taking_rank"},
    "layers.convolution_transpose": {
        "ConvolutionTranspose.__init__": "older_ranks.taking_rank"
    },
    "layers.lambda_layer": {
        "_described": "remembered_functions.writing",
        "_function_of": "remembered_functions.reading",
    },
    "layers.gaussian_noise": {"checked_share": "leniency.noise_of_any_size"},
    "layers.weights": {"HoldsWeights.get_weights": "one_number.usable"},
    "losses.divergence": {"paired": "older_shapes.broadcasting"},
    "losses.loss": {"standardize_reduction": "older_losses.knowing_auto"},
    "losses.margin": {"paired": "older_shapes.broadcasting"},
    "losses.regression": {"paired": "older_shapes.broadcasting"},
    "metrics.functions": {
        "align": "older_shapes.broadcasting",
        "float_pair": "older_shapes.broadcasting",
    },
    "metrics.margin_functions": {"float_pair": "older_shapes.broadcasting"},
    "metrics.probability_functions": {"float_pair": "older_shapes.broadcasting"},
    "metrics.regression_metrics": {"align": "older_shapes.broadcasting"},
    "metrics.resolve": {"_find": "older_metrics.knowing_older"},
    "saving.api": {
        "load_model": "folders.loading",
        "load_weights": "folders.loading_weights",
        "save_model": "folders.saving",
        "save_weights": "folders.saving_weights",
    },
    "saving.cloning": {"model_from_json": "older_json.without_training"},
    "training.checks": {
        "finite": "leniency.warning_in_scripts",
        "input_shape": "older_inputs.as_far_as_both_go",
    },
    "training.compiled_loss": {"_resolved": "older_targets.losses_of_scripts"},
    "training.compiled_metrics": {
        "CompiledMetrics._per_output": "accuracy.by_the_loss",
        "CompiledMetrics.names": "metric_names.known_at_once",
        "_metric": "older_targets.metrics_of_scripts",
    },
    "training.door": {
        "check_output_activation": "leniency.warning_in_scripts",
        "check_targets": "leniency.for_any_batch",
    },
    "training.on_batch": {"OnBatch.predict_on_batch": "one_number.usable"},
    "training.results": {"names_in_order": "order_of_results.losses_first"},
    "training.trainer": {"Trainer.predict": "one_number.usable"},
    "utils.file_utils": {"get_file": "older_downloads.beside_themselves"},
    "utils.numerical_utils": {"to_categorical": "older_utils.of_a_type"},
}


def wrapping(functions: dict[str, str]) -> Callable[[ModuleType], None]:
    """Return what wraps functions of a module, each by one of this folder."""

    def finish(module: ModuleType) -> None:
        for path, wrapper in functions.items():
            file, _, wrap = wrapper.partition(".")
            older = importlib.import_module(f"keratorch.compat.{file}")
            cls, _, name = path.rpartition(".")
            owner = getattr(module, cls) if cls else module
            setattr(owner, name, getattr(older, wrap)(getattr(owner, name)))

    return finish
