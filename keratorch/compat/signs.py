"""What in a script shows for which version of Keras it was written.

Each function yields the signs of one age that a program's tree has.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keratorch.compat.paths import PATHS, ROOTS

#: Arguments of Keras 1, which went on to work until 2.3.
COUNTED = ("nb_epoch", "samples_per_epoch")
_ARGUMENTS_OF_KERAS_1 = (
    *COUNTED,
    *("border_mode", "dim_ordering", "dropout_U", "dropout_W", "forget_bias_init"),
    *("inner_activation", "inner_init", "max_q_size", "nb_val_samples", "nb_worker"),
)
#: Arguments of Keras 1's layers, beside those that other functions have as well.
_ARGUMENTS_OF_LAYERS = (
    *("W_constraint", "W_regularizer", "b_constraint", "b_regularizer"),
    *("filter_length", "nb_col", "nb_filter", "nb_row", "subsample_length"),
)
#: Those that other functions have, too, and the layers that had them.
_ARGUMENTS_OF_SOME: dict[str, tuple[str, ...]] = {
    "init": ("Conv", "Dense", "Embedding"),
    "output_dim": ("Dense", "GRU", "LSTM", "SimpleRNN"),
    "subsample": ("Conv",),
}
#: Layers that Keras 0 told the number of their inputs first, and then of their outputs.
_TOLD_INPUTS = ("Dense", "GRU", "LSTM", "SimpleRNN", "TimeDistributedDense")
_ARGUMENTS_BEFORE_2_9 = ("lr",)
_METHODS_BEFORE_2_9 = (
    *("fit_generator", "evaluate_generator", "predict_generator"),
    *("predict_classes", "predict_proba", "np_utils"),
)
_MODULE_OF_KERAS_1 = "keras.engine.topology"  # which there was until 2.3
_MODULES_BEFORE_2_4 = (
    *("keras.backend.tensorflow_backend", "keras.backend.theano_backend"),
    *("keras.engine.saving", "keras.layers.cudnn_recurrent", "keras.objectives"),
    "keras.utils.visualize_util",
)
#: Older paths that Keras 3 has as well.
_IN_KERAS_3 = (
    *("backend", "legacy", "metrics", "optimizers", "optimizers.legacy"),
    *("preprocessing", "preprocessing.image", "preprocessing.sequence"),
)
#: What Keras 3 gives to the data instead.
_ARGUMENTS_OF_PASSES = ("max_queue_size", "use_multiprocessing", "workers")
_PASSES = ("fit", "evaluate", "predict")
_MODULES_OF_TODAY = ("keras.ops", "keras_core")  # Keras 3 at first
_BACKENDS_OF_THE_PAST = ("theano", "cntk")
_KERAS_OF_TENSORFLOW = ("tensorflow.keras.", "tensorflow.python.keras.", "tf.keras.")
_TENSORFLOW = ("tensorflow", "tf")
#: What only TensorFlow 1 had there.
_OF_TENSORFLOW_1 = (
    *("ConfigProto", "GPUOptions", "InteractiveSession", "Session"),
    *("app", "contrib", "flags", "get_default_graph", "get_default_session"),
    *("get_variable", "global_variables_initializer", "logging", "placeholder"),
    *("random_normal", "random_uniform", "reset_default_graph", "set_random_seed"),
    *("to_float", "to_int32", "truncated_normal", "variable_scope"),
)
_OPTIMIZERS_OF_TENSORFLOW_1 = (
    *("AdadeltaOptimizer", "AdagradOptimizer", "AdamOptimizer", "MomentumOptimizer"),
    *("GradientDescentOptimizer", "RMSPropOptimizer"),
)
#: What shows that a script runs with TensorFlow 2, too.
_OF_TENSORFLOW_2 = ("GradientTape", "compat", "experimental", "set_seed")
_ACCURACY = ("accuracy", "val_accuracy")
_ACC = ("acc", "val_acc")
#: Functions that get the name of a number in the logs by place.
_READ = ("get", "EarlyStopping", "ModelCheckpoint", "ReduceLROnPlateau")


def of_today(tree: ast.AST) -> Iterator[str]:
    """Yield what of a program only Keras 3 has: `keras.ops` and the backends' name."""
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    if "KERAS_BACKEND" in texts and texts.isdisjoint(_BACKENDS_OF_THE_PAST):
        yield "KERAS_BACKEND"
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "keras":
            yield from (alias.name for alias in node.names if alias.name == "ops")
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [alias.name for alias in node.names]
            names.append(getattr(node, "module", None) or "")
            yield from (name for name in names if name.startswith(_MODULES_OF_TODAY))
        elif isinstance(node, ast.Attribute) and ast.unparse(node) == "keras.ops":
            yield "keras.ops"


def before_1(tree: ast.AST) -> Iterator[str]:
    """Yield what of a program Keras had before 1.0 only."""
    yield from arguments(tree, ("show_accuracy",))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "keras.models":
            yield from (alias.name for alias in node.names if alias.name == "Graph")
        if isinstance(node, ast.Call) and _called(node) in _TOLD_INPUTS:
            second = node.args[1] if len(node.args) > 1 else None
            if isinstance(second, ast.Constant) and type(second.value) is int:
                yield f"{_called(node)}(inputs, outputs)"


def of_keras_1(tree: ast.AST) -> Iterator[str]:
    """Yield what of a program Keras 1 had; some of it went on to work until 2.3.

    Numbers of samples beside `epochs`, which is Keras 2's, are none of it.
    """
    beside_epochs = set(_beside_epochs(tree))
    for node in ast.walk(tree):
        known = isinstance(node, ast.keyword) and node.arg in _ARGUMENTS_OF_KERAS_1
        if known and node not in beside_epochs:
            yield str(node.arg)  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == _MODULE_OF_KERAS_1:
            yield node.module


def before_2_3(tree: ast.AST) -> Iterator[str]:
    """Yield what of a program Keras lost in 2.3 or 2.4, or TensorFlow in version 2.

    So that it asks for 'accuracy' and reads 'acc'.
    """
    for path in _imported(tree):
        if path.startswith(_MODULES_BEFORE_2_4):
            yield path
    yield from _of_tensorflow_1(tree)
    yield from arguments(tree, _ARGUMENTS_OF_LAYERS)
    yield from _of_some_layers(tree)
    yield from (str(keyword.arg) for keyword in _beside_epochs(tree))
    read = set(_read(tree))
    if _asks_for_accuracy(tree) and read & {*_ACC} and not read & {*_ACCURACY}:
        yield "acc"


def before_2_9(tree: ast.AST) -> Iterator[str]:
    """Yield what of a program Keras lost before `predict` showed its progress."""
    yield from arguments(tree, _ARGUMENTS_BEFORE_2_9)
    for node in ast.walk(tree):
        name = getattr(node, "attr", getattr(node, "name", None))
        if isinstance(node, (ast.Attribute, ast.alias)) and name in _METHODS_BEFORE_2_9:
            yield str(name)


def before_3(tree: ast.AST) -> Iterator[str]:
    """Yield what of a program Keras 3 lacks: modules, and arguments of `fit`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in _PASSES:
            given = {str(keyword.arg) for keyword in node.keywords}
            yield from given & {*_ARGUMENTS_OF_PASSES}
    for path in _imported(tree):
        root = next((root for root in ROOTS if f"{path}.".startswith(f"{root}.")), path)
        if ".python." in root or ".contrib." in root or ".v1." in root:
            yield root
        parts = path[len(root) + 1 :].split(".")
        below = {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
        yield from (below & PATHS.keys()) - {*_IN_KERAS_3}


def packages(tree: ast.AST) -> Iterator[str]:
    """Yield 'keras' and 'tf.keras' where a program takes anything from these."""
    found = [*_imported(tree)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "keras":
            found.append(ast.unparse(node))
    for path in found:
        if f"{path}.".startswith("keras."):
            yield "keras"
        elif f"{path}.".startswith(_KERAS_OF_TENSORFLOW):
            yield "tf.keras"


def arguments(tree: ast.AST, names: tuple[str, ...]) -> Iterator[str]:
    """Yield which arguments a program gives by these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and str(node.arg) in names:
            yield str(node.arg)


def _of_some_layers(tree: ast.AST) -> Iterator[str]:
    """Yield the older arguments of layers that other functions have, too."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        for keyword in node.keywords:
            layers = _ARGUMENTS_OF_SOME.get(str(keyword.arg), ())
            if layers and _called(node).startswith(layers):
                yield str(keyword.arg)


def _beside_epochs(tree: ast.AST) -> Iterator[ast.keyword]:
    """Yield the arguments that count samples in calls with `epochs`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if any(keyword.arg == "epochs" for keyword in node.keywords):
            counted = ("samples_per_epoch", "nb_val_samples")
            yield from (key for key in node.keywords if key.arg in counted)


def _imported(tree: ast.AST) -> Iterator[str]:
    """Yield the dotted paths of what a program imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _of_tensorflow_1(tree: ast.AST) -> Iterator[str]:
    """Yield the names that only TensorFlow 1 had, of a program for it alone."""
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    paths = [path for path in _imported(tree) if path.startswith("tensorflow.")]
    names |= {part for path in paths for part in path.split(".")}
    if not names.isdisjoint(_OF_TENSORFLOW_2):
        return
    for path in paths:
        if path.split(".")[1] in _OF_TENSORFLOW_1:
            yield path
    names_of_1 = (*_OF_TENSORFLOW_1, *_OPTIMIZERS_OF_TENSORFLOW_1)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node.attr not in names_of_1:
            continue
        root, _, name = ast.unparse(node).partition(".")
        optimizer = name.removeprefix("train.") in _OPTIMIZERS_OF_TENSORFLOW_1
        if root in _TENSORFLOW and (name in _OF_TENSORFLOW_1 or optimizer):
            yield f"tf.{name}"


def _asks_for_accuracy(tree: ast.AST) -> bool:
    """Return whether `compile` gets the metric 'accuracy'."""
    return any(
        isinstance(node, ast.Constant) and node.value == "accuracy"
        for keyword in ast.walk(tree)
        if isinstance(keyword, ast.keyword) and keyword.arg == "metrics"
        for node in ast.walk(keyword.value)
    )


def _read(tree: ast.AST) -> Iterator[str]:
    """Yield the texts by which a program reads a number of the logs, or watches it."""
    for node in ast.walk(tree):
        found: object = None
        if isinstance(node, ast.Subscript):
            found = node.slice
        elif isinstance(node, ast.keyword) and node.arg == "monitor":
            found = node.value
        elif isinstance(node, ast.Call) and _called(node) in _READ:
            yield from (str(getattr(argument, "value", "")) for argument in node.args)
        if isinstance(found, ast.Constant):
            yield str(found.value)


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))
