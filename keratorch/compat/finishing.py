"""What is added to single modules of KeraTorch beyond tables of names and arguments."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

from keratorch.compat.arguments import (
    ADD_LOSS,
    ADD_WEIGHT,
    APPLY_GRADIENTS,
    DATAFRAME,
    METHODS,
    MODEL,
    PROGBAR,
    REORDERINGS,
    one_array,
)
from keratorch.compat.finder import call_by_older_name
from keratorch.compat.layers.weight_orders import name_first
from keratorch.compat.models import attributes, given_shapes, latest_values, methods
from keratorch.compat.names import NAMES
from keratorch.compat.resolving import resolve
from keratorch.compat.training import batch_logs, freezing, logs
from keratorch.compat.training.decay import settable
from keratorch.compat.translation import answering
from keratorch.lazy import Postponed


def _finish_constraints(module: ModuleType) -> None:
    for name, target in NAMES["constraints"].items():  # given as text: 'maxnorm'
        module.CONSTRAINTS.setdefault(name, resolve(str(target)))


def _finish_losses(module: ModuleType) -> None:
    for name in ("RMSE", "rmse", "root_mean_squared_error"):
        module.LOSSES._names[name] = name  # given as text: found as an older name


def _finish_layers(module: ModuleType) -> None:
    dropped = ("Highway", "LocallyConnected1D", "LocallyConnected2D", "MaxoutDense")
    random_sizes = ("RandomHeight", "RandomWidth")
    for name in (*dropped, *random_sizes, "Merge", "WordContextProduct"):
        module.LAYERS._names[name] = name  # for files: found as an older name


def _finish_convolution(module: ModuleType) -> None:
    importlib.import_module("keratorch.compat.layers.full_padding").finish(module)


def _finish_input_layer(module: ModuleType) -> None:
    # K.function([model.layers[0].input], ...): the symbol itself, as Keras 2 had it.
    module.InputLayer.input = property(_output_of, doc="The symbolic array.")
    _finish_names(module)


def _output_of(layer: Any) -> Any:
    return layer.output


def _finish_names(module: ModuleType) -> None:
    names = importlib.import_module("keratorch.compat.models.older_names")
    module.auto_name = names.as_then(module.auto_name)  # type: ignore[attr-defined]


def _finish_function_steps(module: ModuleType) -> None:
    module.ROOMS["tf"] = Postponed("keratorch.compat.tf.steps")
    module.ROOMS["tensorflow"] = Postponed("keratorch.compat.tf.stored_operations")


def _finish_layer(module: ModuleType) -> None:
    _finish_names(module)
    layer = module.Layer
    layer._written_down = _capturing(layer._written_down)
    layer.add_loss = answering(layer.add_loss, "add_loss", ADD_LOSS, _losses_alone)
    named = importlib.import_module("keratorch.compat.models.weight_names").with_layers
    add_weight = named(layer.add_weight)
    layer.add_weight = answering(add_weight, "add_weight", ADD_WEIGHT, name_first)
    for name, trained in (
        ("trainable_weights", True),
        ("non_trainable_weights", False),
    ):
        setattr(layer, name, methods.settable(getattr(layer, name), trained))
    importlib.import_module("keratorch.compat.layers.older_calls").finish(layer)
    older = {**methods.LAYER_METHODS, **attributes.LAYER_ATTRIBUTES}
    for name, attribute in older.items():
        _add(layer, name, attribute)
    first = importlib.import_module("keratorch.compat.layers.first_weights")
    layer.set_weights = first.in_todays_order(layer.set_weights)
    inputs = importlib.import_module("keratorch.compat.layers.given_inputs")
    layer.input = latest_values.readable(inputs.settable(layer.input))
    layer.output = latest_values.readable(layer.output)
    weights = importlib.import_module("keratorch.compat.layers.older_weights")
    layer.__init__ = weights.keeping_penalty(layer.__init__)
    layer.build_for = weights.with_limits(layer.build_for)


def _losses_alone(args: tuple, kwargs: dict[str, Any]) -> tuple:
    """Leave out what `add_loss` took as the second: the inputs that it is of."""
    return args[:2]


def _finish_regularizers(module: ModuleType) -> None:
    weights = importlib.import_module("keratorch.compat.layers.older_weights")
    weights.finish(module.Regularizer)


def _capturing(write: Callable[..., Any]) -> Callable[..., Any]:
    """Return the symbolic call that may find symbols in a layer's own functions."""

    @functools.wraps(write)
    def written(layer: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
        own = not type(layer).__module__.startswith("keratorch.")
        if not (own or hasattr(layer, "function")):  # written by the script
            return write(layer, args, kwargs)
        capturing = importlib.import_module("keratorch.compat.layers.capturing")
        return capturing.written_down(write)(layer, args, kwargs)

    return written


def _finish_differentiable(module: ModuleType) -> None:
    results = importlib.import_module("keratorch.compat.metrics.results")
    for name in ("as_loss", "as_score"):
        setattr(module, name, results.with_numpy_too(getattr(module, name)))


def _finish_metric(module: ModuleType) -> None:
    results = importlib.import_module("keratorch.compat.metrics.results")
    results.let_results_answer(module.Metric)
    older = importlib.import_module("keratorch.compat.metrics.older_metric_methods")
    older.finish(module.Metric)
    module.Metric.__call__ = results.noting_symbols(module.Metric.__call__)


def _finish_progbar(module: ModuleType) -> None:
    progbar = module.Progbar
    progbar.update = answering(progbar.update, "Progbar.update", PROGBAR)
    progbar.sum_values = property(_values_of, doc="Name -> sum and count, in Keras 1.")


def _values_of(progbar: Any) -> Any:
    return progbar._values


def _finish_targets(module: ModuleType) -> None:
    leniency = importlib.import_module("keratorch.compat.training.leniency")
    for name in ("sigmoid_outputs", "softmax_outputs", "probabilities", "rates"):
        lenient = leniency.warning_in_scripts(getattr(module, name))
        setattr(module, name, lenient)
    module.bits = leniency.after(module.same_shape, module.bits)  # type: ignore[attr-defined]
    older = importlib.import_module("keratorch.compat.training.older_shapes")
    module.same_shape = older.lenient_check(module.same_shape)  # type: ignore[attr-defined]
    module._several_classes = leniency.warning_in_scripts(module._several_classes)  # type: ignore[attr-defined]


def _finish_optimizer(module: ModuleType) -> None:
    optimizer = module.Optimizer
    optimizer.learning_rate = settable(vars(optimizer)["learning_rate"])
    optimizer.variables = attributes.callable_variables(vars(optimizer)["variables"])
    older = {**methods.OPTIMIZER_ATTRIBUTES, **attributes.OPTIMIZER_ATTRIBUTES}
    for name, attribute in older.items():
        _add(optimizer, name, attribute)
    apply = optimizer.apply_gradients
    optimizer.apply_gradients = answering(apply, "apply_gradients", APPLY_GRADIENTS)
    earlier = importlib.import_module("keratorch.compat.tf.eager.earlier")
    optimizer.apply = earlier.keeping(optimizer.apply)
    _let_own_optimizers_be(optimizer)


def _let_own_optimizers_be(optimizer: Any) -> None:
    """Let a subclass of Optimizer have its formula where Keras 2 looked for it."""

    def __init_subclass__(cls: type, **kwargs: Any) -> None:  # noqa: N807
        super(optimizer, cls).__init_subclass__(**kwargs)
        has = vars(cls)
        if "_resource_apply_dense" in has and "update_step" not in has:
            room = "keratorch.compat.training.resource_optimizers"
            importlib.import_module(room).adopt(cls)
        elif "get_updates" in has:
            own = importlib.import_module("keratorch.compat.training.own_optimizers")
            if not hasattr(optimizer.__init__, "takes_no_rate"):
                optimizer.__init__ = own.rate_left_out(optimizer.__init__)
            own.adopt(cls)

    optimizer.__init_subclass__ = classmethod(__init_subclass__)


class _Callable(ModuleType):
    """The module of a class that can be called by the class's older name."""

    __call__ = call_by_older_name


def _let_be_called(module: ModuleType) -> None:
    module.__class__ = _Callable  # keras.optimizers.adam is a file, and was a class


def _finish_models(module: ModuleType) -> None:
    model = module.Model
    sharing = importlib.import_module("keratorch.compat.models.sharing")
    looping = importlib.import_module("keratorch.compat.training.looping")
    model.compile = freezing.remembering(sharing.each_its_own(model.compile))
    model.add_loss = answering(model.add_loss, "add_loss", ADD_LOSS, _losses_alone)
    model.train = methods.train_or_learn(model.train)
    for name in ("train_on_batch", "test_on_batch"):
        setattr(model, name, looping.counting_on(getattr(model, name)))
    for name in ("fit", "train_on_batch"):
        setattr(model, name, freezing.as_compiled(getattr(model, name)))
    for name, table in METHODS.items():
        modern = getattr(model, name)
        reorder = REORDERINGS.get(name)
        setattr(model, name, answering(modern, f"model.{name}", table, reorder))
    model.__new__ = staticmethod(_new_of_model(model, model.__new__))
    for cls in (model, getattr(module, "Functional", None)):
        if cls is not None:
            cls.__init__ = answering(cls.__init__, "Model", MODEL, one_array)
    older = {**methods.MODEL_METHODS, **attributes.MODEL_ATTRIBUTES}
    for name, attribute in older.items():
        _add(model, name, attribute)
    _finish_what_models_hold(module)


def _finish_what_models_hold(module: ModuleType) -> None:
    model, sequential = module.Model, module.Sequential
    watching = importlib.import_module("keratorch.compat.models.watching")
    first = importlib.import_module("keratorch.compat.layers.first_embedding")
    sequential.call = watching.through_network(sequential.call)
    inputs = importlib.import_module("keratorch.compat.layers.given_inputs")
    sequential._append = inputs.of_the_first(_taking_branches(sequential._append))
    sequential._build_if_known = first.built_at_once(sequential._build_if_known)
    sequential.__init__ = answering(sequential.__init__, "Sequential", {})
    sequential.model = attributes.ITSELF
    model.load_weights = attributes.with_status(model.load_weights)
    model.output_names = attributes.different_names(model.output_names)
    model.outputs = attributes.settable_outputs(model.outputs)
    for name in ("input", "inputs", "output", "outputs"):
        setattr(model, name, latest_values.readable(vars(model)[name]))
    for cls in (model, sequential):
        cls.layers = attributes.layers_to_pop(vars(cls)["layers"])


def _new_of_model(model: type, new: Callable[..., Any]) -> Callable[..., Any]:
    """Return the ``__new__`` to which Model(input=, output=) means a graph, too."""
    older = answering(new, "Model", MODEL)

    @functools.wraps(new)
    def made(cls: type, *args: Any, **kwargs: Any) -> Any:
        # A subclass may have arguments of these names, which mean something else.
        args, kwargs = latest_values.as_symbols((args, kwargs))
        return (older if cls is model else new)(cls, *args, **kwargs)

    return made


def _taking_branches(append: Callable[..., None]) -> Callable[..., None]:
    """Return the method by which a Sequential takes Keras 1's `Merge` as its first."""

    @functools.wraps(append)
    def taking(self: Any, layer: Any) -> None:
        if type(layer).__name__ == "Merge" and not self._layers:
            branches = importlib.import_module("keratorch.compat.layers.branches")
            self.__class__ = branches.SequentialOfBranches
        append(self, layer)

    return taking


def _add(cls: type, name: str, attribute: Any) -> None:
    if not hasattr(cls, name):
        setattr(cls, name, attribute)


def _finish_history(module: ModuleType) -> None:
    module.History.__init__ = logs.with_logs(module.History.__init__)
    sums = importlib.import_module("keratorch.compat.training.older_totals")
    for read in (sums.seen, sums.totals):
        setattr(module.History, read.__name__, property(read, doc=read.__doc__))


def _finish_schedules(module: ModuleType) -> None:
    results = importlib.import_module("keratorch.compat.metrics.results")
    results.let_results_answer(module.LearningRateSchedule, "__call__")


def _finish_bidirectional(module: ModuleType) -> None:
    module.Bidirectional.layer = property(_forward_layer_of, doc="That given to it.")


def _forward_layer_of(layer: Any) -> Any:
    return layer.forward_layer


def _finish_sequence_layer(module: ModuleType) -> None:
    steps = importlib.import_module("keratorch.compat.layers.own_steps")
    steps.finish(module.SequenceLayer)
    activations = importlib.import_module(
        "keratorch.compat.functions.older_activations"
    )
    activations.known_to_kernels(module)


def _finish_lookups(module: ModuleType) -> None:
    for layer in (module.StringLookup, module.IntegerLookup):
        _add(layer, "vocab_size", layer.vocabulary_size)


def _finish_functional(module: ModuleType) -> None:
    older = importlib.import_module("keratorch.compat.models.older_configs")
    revived = older.functional(module.Functional.revived)
    module.Functional.revived = staticmethod(revived)


def _finish_sequential(module: ModuleType) -> None:
    older = importlib.import_module("keratorch.compat.models.older_configs")
    from_config = older.sequential(module.Sequential.from_config.__func__)
    module.Sequential.from_config = classmethod(from_config)
    named = attributes.named_inputs(module._input_known_to)
    module._input_known_to = named  # type: ignore[attr-defined]
    module.Sequential.build = given_shapes.unread(module.Sequential.build)


def _finish_images(module: ModuleType) -> None:
    generator = module.ImageDataGenerator
    flow = generator.flow_from_dataframe
    generator.flow_from_dataframe = answering(flow, "flow_from_dataframe", DATAFRAME)


def _finish_text(module: ModuleType) -> None:
    module.Tokenizer.nb_words = property(_num_words_of, doc="Of Keras 1: num_words.")


def _num_words_of(tokenizer: Any) -> Any:
    return tokenizer.num_words


def _finish_image_iterators(module: ModuleType) -> None:
    importlib.import_module("keratorch.compat.functions.older_iterators").finish(module)


def _finish_image_files(module: ModuleType) -> None:
    older = importlib.import_module("keratorch.compat.functions.older_iterators")
    older.finish_files(module)


def _finish_callback(module: ModuleType) -> None:
    _add(module.Callback, "validation_data", None)


def _finish_callback_list(module: ModuleType) -> None:
    older = importlib.import_module("keratorch.compat.training.run_params")
    callbacks = module.CallbackList
    callbacks.set_params = older.telling_more(callbacks.set_params)
    callbacks._call_hook = batch_logs.numbered(callbacks._call_hook)
    module.as_floats = logs.giving_logs(module.as_floats)  # type: ignore[attr-defined]


def _finish_monitor_callback(module: ModuleType) -> None:
    monitor = module.MonitorCallback
    monitor.monitored = logs.by_any_name(monitor.monitored)
    monitor._direction = logs.by_older_rule(monitor._direction)


def _finish_model_checkpoint(module: ModuleType) -> None:
    checkpoint = module.ModelCheckpoint
    checkpoint.on_epoch_end = logs.naming_files(checkpoint.on_epoch_end)


def _finish_dataset(module: ModuleType) -> None:
    saved = Postponed("keratorch.compat.tf.pipeline.saved")
    dataset = module.Dataset
    in_memory = dataset.cache

    def save(self: Any, path: Any, compression: str | None = None) -> None:
        """Write all elements into a folder, from which `load` reads them."""
        saved.save(self, path, compression)

    def load(path: Any, element_spec: Any = None, compression: Any = None) -> Any:
        """Return the dataset that `save` wrote into a folder."""
        return saved.load(path, element_spec, compression)

    def cache(self: Any, filename: Any = "", name: str | None = None) -> Any:
        """Return the dataset that keeps its elements, in memory or in a file."""
        return saved.cached(self, filename) if filename else in_memory(self)

    dataset.save, dataset.load, dataset.cache = save, staticmethod(load), cache
    dataset.make_one_shot_iterator = dataset.__iter__


#: Module -> what finishes it, once it is loaded.
FINISHING: dict[str, Callable[[ModuleType], None]] = {
    "callbacks.callback": _finish_callback,
    "callbacks.callback_list": _finish_callback_list,
    "callbacks.history": _finish_history,
    "callbacks.model_checkpoint": _finish_model_checkpoint,
    "callbacks.monitor_callback": _finish_monitor_callback,
    "constraints": _finish_constraints,
    "layers": _finish_layers,
    "layers.convolution": _finish_convolution,
    "layers.input": _finish_input_layer,
    "layers.layer": _finish_layer,
    "layers.preprocessing.lookups": _finish_lookups,
    "layers.recurrent.bidirectional": _finish_bidirectional,
    "layers.recurrent.cell_layer": _finish_sequence_layer,
    "models.function_steps": _finish_function_steps,
    "losses": _finish_losses,
    "losses.targets": _finish_targets,
    "metrics.differentiable": _finish_differentiable,
    "metrics.metric": _finish_metric,
    "models": _finish_models,
    "models.functional": _finish_functional,
    "models.sequential": _finish_sequential,
    "optimizers.optimizer": _finish_optimizer,
    "optimizers.schedules.learning_rate_schedule": _finish_schedules,
    "preprocessing.text": _finish_text,
    "preprocessing.image.files": _finish_image_files,
    "preprocessing.image.generator": _finish_images,
    "preprocessing.image.iterators": _finish_image_iterators,
    "regularizers": _finish_regularizers,
    "utils.dataset": _finish_dataset,
    "utils.progbar": _finish_progbar,
    **{
        f"optimizers.{name}": _let_be_called
        for name, target in NAMES["optimizers"].items()
        if str(target).startswith("optimizers.") and name.islower()
    },
}
