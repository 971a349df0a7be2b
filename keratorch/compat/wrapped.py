"""Which functions and methods of KeraTorch scripts get in another form."""

from __future__ import annotations

import importlib
from types import ModuleType

#: Module -> its functions and methods -> what makes the one that scripts get; where
#: these are several, one after the other.
WRAPPED: dict[str, dict[str, str | tuple[str, ...]]] = {
    "activations": {
        "deserialize": "functions.older_activations.naming_layers",
        "get": "functions.older_activations.of_its_slope",
        "hard_sigmoid": "functions.older_activations.steep_in_scripts",
        "relu": "functions.older_activations.of_a_slope_alpha",
    },
    **{
        f"applications.{file}": {
            "preprocess_input": "functions.older_networks.of_any_mode"
        }
        for file in ("resnet50", "vgg16")
    },
    "backend": {
        **dict.fromkeys(
            ("gradients", "update", "update_add", "update_sub"),
            "training.while_stepping.asking_the_step",
        ),
        **dict.fromkeys(("ones", "zeros"), "training.while_stepping.asking_the_step"),
        "variable": (
            "training.while_stepping.asking_the_step",
            "models.latest_values.made_once",
        ),
    },
    "backend.images": {
        **dict.fromkeys(
            ("conv2d", "conv2d_transpose", "conv3d", "pool2d", "pool3d"),
            "functions.older_images.with_older_arguments",
        ),
        **dict.fromkeys(
            ("spatial_2d_padding", "spatial_3d_padding", "temporal_padding"),
            "functions.older_images.with_older_padding",
        ),
    },
    "backend.state": {"backend": "functions.older_backend.tensorflow_in_scripts"},
    "backend.tensors": {"eye": "functions.older_backend.of_rows_and_columns"},
    "callbacks.callback": {"as_floats": "training.order_of_results.unsorted"},
    "callbacks.csv_logger": {
        "CSVLogger.on_epoch_end": "training.logs.with_older_columns"
    },
    "callbacks.early_stopping": {
        "EarlyStopping.on_epoch_end": "training.older_patience.stopping",
        "EarlyStopping.on_train_end": "training.older_patience.ending",
        "print_msg": "training.older_messages.numbered_as_then",
    },
    "callbacks.learning_rate": {"add_rates": "training.logs.under_listed_names"},
    "callbacks.learning_rate_scheduler": {
        "print_msg": "training.older_messages.numbered_as_then"
    },
    "callbacks.model_checkpoint": {
        "ModelCheckpoint._say": "training.older_messages.of_checkpoints",
        "print_msg": "training.older_messages.numbered_as_then",
    },
    "callbacks.progbar_logger": {
        "ProgbarLogger._finish": "training.order_of_results.as_shown",
        "as_floats": "training.logs.giving_logs",
    },
    "callbacks.reduce_lr_on_plateau": {
        "ReduceLROnPlateau.on_epoch_end": "training.older_patience.reducing",
        "print_msg": "training.older_messages.numbered_as_then",
    },
    "layers.arguments": {
        "check_positive_integer": "training.leniency.of_one_number",
        "check_rate": "training.leniency.dropping_between",
    },
    "layers.calling": {
        "IsCalled._penalize": "layers.older_penalties.of_the_whole_batch",
        "IsCalled._training_here": "layers.told_training.false_where_it_must_be_told",
        "check_inputs": "training.leniency.of_the_first",
    },
    "layers.calls": {
        "Signature.__init__": "layers.needed_masks.remembering",
        "Signature.fill_masks": "layers.needed_masks.of_the_first",
        "shape_of": "models.array_attributes.plain_shapes",
    },
    "layers.convolution": {"Convolution.__init__": "layers.older_ranks.taking_rank"},
    "layers.convolution_transpose": {
        "ConvolutionTranspose.__init__": "layers.older_ranks.taking_rank"
    },
    "layers.embedding": {"Embedding.call": "layers.dropped_words.dropping"},
    "layers.layer": {"_checked_bool": "training.leniency.by_its_truth"},
    "layers.lambda_layer": {
        "_described": "layers.remembered_functions.writing",
        "_function_of": "layers.remembered_functions.reading",
    },
    "layers.gaussian_noise": {"checked_share": "training.leniency.noise_of_any_size"},
    "layers.normalization": {"Normalization.adapt": "layers.older_adapting.in_batches"},
    "layers.precision": {
        "HasPrecision._begin_precision": "layers.integer_dtypes.of_inputs"
    },
    **{
        f"layers.preprocessing.{file}": {
            f"{cls}.adapt": "layers.older_adapting.in_batches"
        }
        for file, cls in (
            ("discretization", "Discretization"),
            ("learned_vocabulary", "LearnsVocabulary"),
        )
    },
    "layers.recurrent.bidirectional": {
        "Bidirectional.__init__": "layers.recurrent_calls.of_a_layer_that_reads_back"
    },
    "layers.recurrent.time_distributed": {
        "TimeDistributed.build": "layers.older_calls.noting_shapes"
    },
    "layers.recurrent.rnn": {
        "RNN.__call__": "layers.recurrent_calls.states_behind_inputs",
        "RNN.call": "layers.recurrent_calls.masked_with_states",
        "RNN.get_initial_state": "layers.recurrent_calls.of_inputs",
    },
    "layers.recurrent.stacked_rnn_cells": {
        "StackedRNNCells.get_initial_state": "layers.recurrent_calls.alone_where_one",
    },
    "layers.spatial": {
        "SpatialLayer.__init__": "layers.sequence_layouts.channels_last"
    },
    "layers.weights": {"HoldsWeights.get_weights": "training.one_number.usable"},
    "losses.alignment": {"same_rank": "training.older_shapes.in_columns"},
    "losses.divergence": {"paired": "training.older_shapes.broadcasting"},
    "losses.loss": {
        "Loss.__init__": "metrics.older_orders.reduction_then_name",
        "LossFunctionWrapper.validate_targets": (
            "training.older_targets.of_whole_labels"
        ),
        "standardize_reduction": "metrics.older_losses.knowing_auto",
    },
    "losses.margin": {
        "_shortfall": "metrics.older_margins.of_targets_as_they_are",
        "paired": "training.older_shapes.broadcasting",
    },
    "losses.regression": {"paired": "training.older_shapes.broadcasting"},
    "metrics.functions": {
        "align": "training.older_shapes.broadcasting",
        "class_labels": "training.older_targets.without_fractions",
        "float_pair": "training.older_shapes.broadcasting",
    },
    "metrics.margin_functions": {
        "_shortfall": "metrics.older_margins.of_targets_as_they_are",
        "float_pair": "training.older_shapes.broadcasting",
    },
    "metrics.probability_functions": {
        "class_labels": "training.older_targets.without_fractions",
        "float_pair": "training.older_shapes.broadcasting",
    },
    "metrics.r2_score": {"align": "training.older_shapes.of_columns"},
    "metrics.regression_metrics": {"align": "training.older_shapes.broadcasting"},
    "metrics.resolve": {"_find": "metrics.older_metrics.knowing_older"},
    "metrics.threshold_counts": {"align": "training.older_shapes.of_columns"},
    "models.data": {"_with_axes": "training.older_inputs.in_columns"},
    "models.model": {"Model.add_loss": "models.losses_of_symbols.not_of_a_table"},
    "models.summary": {"_count_of_optimizer": "models.older_summary.of_weights_alone"},
    "ops": {"convert_to_tensor": "functions.texts.taking_texts"},
    "optimizers.optimizer": {
        "Optimizer.apply": "training.more_variables.met_on_the_way"
    },
    "saving.api": {
        "load_model": "models.folders.loading",
        "load_weights": "models.folders.loading_weights",
        "save_model": "models.folders.saving",
        "save_weights": "models.folders.saving_weights",
    },
    "saving.methods": {"Saves.export": "models.folders.exporting"},
    "saving.cloning": {"model_from_json": "models.older_json.without_training"},
    "training.checks": {
        "finite": "training.leniency.warning_in_scripts",
        "input_shape": "training.older_inputs.as_far_as_both_go",
    },
    "training.class_weights": {
        "check_class_weight": "training.older_class_weights.checking_each",
        "weighted_by_class": "training.older_class_weights.weighting_each",
    },
    "training.compiled_loss": {"_resolved": "training.older_targets.losses_of_scripts"},
    "training.compiled_metrics": {
        "CompiledMetrics._per_output": "metrics.accuracy.by_the_loss",
        "CompiledMetrics.names": "metrics.metric_names.known_at_once",
        "CompiledMetrics.result": "metrics.metric_names.of_metrics_there",
        "_metric": "training.older_targets.metrics_of_scripts",
    },
    "training.conversion": {"as_array": "training.older_texts.numbers_in_texts"},
    "training.data": {"batches": "training.older_texts.where_none_are_read"},
    "training.door": {
        "check_output_activation": "training.leniency.warning_in_scripts",
        "check_targets": "training.leniency.for_any_batch",
    },
    "training.on_batch": {"OnBatch.predict_on_batch": "training.one_number.usable"},
    "training.outputs": {
        "in_output_order": "training.older_targets.for_all_outputs",
        "path_names": "training.output_names.numbered_in_scripts",
    },
    "training.results": {
        "as_floats": "training.order_of_results.unsorted",
        "names_in_order": "training.order_of_results.losses_first",
    },
    "training.step": {
        "TrainingStep._called": "layers.told_training.told_in_fit",
        "TrainingStep._test": "training.older_weights_of_samples.over_those_that_count",
        "TrainingStep._train": (
            "training.differentiated.under_a_tape",
            "training.older_weights_of_samples.over_those_that_count",
        ),
        "TrainingStep.metrics_names": "metrics.metric_names.as_logs_list_them",
    },
    "training.streams": {
        "DatasetBatches.__iter__": "training.older_passes.beginning_anew"
    },
    "training.trainer": {"Trainer.predict": "training.one_number.usable"},
    "utils.file_utils": {"get_file": "functions.older_downloads.beside_themselves"},
    "utils.numerical_utils": {"to_categorical": "functions.older_utils.of_a_type"},
}


def wrap(module: ModuleType, path: str) -> None:
    """Put those of a module's functions and methods in another form that are listed.

    Parameters
    ----------
    module : the module, once it is loaded.
    path : str, its name from below `keratorch`.
    """
    for name, wrappers in WRAPPED.get(path, {}).items():
        cls, _, own_name = name.rpartition(".")
        owner = getattr(module, cls) if cls else module
        for wrapper in [wrappers] if isinstance(wrappers, str) else wrappers:
            file, _, function = wrapper.rpartition(".")
            older = importlib.import_module(f"keratorch.compat.{file}")
            setattr(owner, own_name, getattr(older, function)(getattr(owner, own_name)))
