"""Steps shared with other processes: the same bits, or none at all."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import keratorch as keras
from keratorch import callbacks, config, layers, replicas
from keratorch.training import cutter, data_parallel, micro_batches

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only on Linux")
RNG = np.random.default_rng(5)
IMAGES = RNG.random((50, 8, 8, 2), dtype=np.float32)
SERIES = RNG.random((50, 6, 5), dtype=np.float32)
LABELS = RNG.integers(0, 3, 50)


@pytest.fixture(autouse=True)
def at_once(small_parts, monkeypatch):
    """Let replicas be made at once, whatever threads live."""
    monkeypatch.setattr(data_parallel, "_WORTH_IT", 0)
    monkeypatch.setattr(replicas, "are_possible", lambda: True)
    yield
    config.set_num_processes(None)


@pytest.fixture
def lost(monkeypatch):
    """List who was given up."""
    found = []
    give_up = data_parallel.DataParallel._give_up

    def noted(self):
        found.append(self)
        give_up(self)

    monkeypatch.setattr(data_parallel.DataParallel, "_give_up", noted)
    return found


@pytest.fixture
def began(monkeypatch):
    """List how many processes were begun each time."""
    found = []
    begin = replicas.Replicas.begin

    def noted(self, work):
        found.append(self.count)
        begin(self, work)

    monkeypatch.setattr(replicas.Replicas, "begin", noted)
    return found


def images():
    made = keras.Sequential(
        [
            keras.Input((8, 8, 2)),
            layers.Conv2D(6, 3, activation="relu", kernel_regularizer="l2"),
            layers.SpatialDropout2D(0.3),
            layers.Flatten(),
            layers.Dropout(0.4, seed=3),
            layers.Dense(3, activation="softmax", kernel_constraint="max_norm"),
        ]
    )
    return made, IMAGES


def series():
    x = keras.Input((6, 5))
    both = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(x)
    both = layers.GRU(3)(layers.Dropout(0.2)(layers.LayerNormalization()(both)))
    return keras.Model(x, layers.Dense(3, activation="softmax")(both)), SERIES


class Flat(layers.Layer):
    couples_samples = False

    def call(self, x):
        return x.reshape((len(x), -1))


def with_a_layer_of_ones_own():
    head = [layers.Dense(3, activation="softmax")]
    made = keras.Sequential([keras.Input((8, 8, 2)), Flat(), *head])
    return made, IMAGES


def trained(make, processes, y=LABELS, **options):
    """Return logs, weights, predictions and a random number after three epochs."""
    config.set_num_processes(processes)
    keras.utils.set_random_seed(1)
    model, x = make()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    options = {"batch_size": 16, "epochs": 3, "verbose": 0, **options}
    affinity = os.sched_getaffinity(0)
    history = model.fit(x, y, **options)
    assert model._parallel is None
    assert os.sched_getaffinity(0) == affinity
    assert not replicas.threads._no_help.is_on
    logs = [np.array(values) for values in history.history.values()]
    after = keras.random.uniform((3,))
    return [*logs, *model.get_weights(), model.predict(x, verbose=0), after]


def assert_same(some, others):
    for one, other in zip(some, others, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"shuffle": False},
        {"sample_weight": np.linspace(0.5, 2, 50)},
        {"class_weight": {0: 1.0, 1: 2.0, 2: 0.5}},
        {"validation_split": 0.2},
        {"steps_per_epoch": 2},
        {"batch_size": 17},  # the last batch has parts of other sizes
        {"batch_size": 49},  # the last one has a single sample
    ],
    ids=lambda options: " ".join(options) or "plain",
)
@pytest.mark.parametrize("make", [images, series])
def test_any_number_of_processes_gives_the_same_bits(make, options, began, lost):
    alone = trained(make, 1, **options)
    assert began == []
    for processes in (2, 4):
        assert_same(alone, trained(make, processes, **options))
    assert began == [2, 4]
    assert lost == []


def test_threads_and_processes_give_the_same_bits(began):
    config.set_num_threads(3)
    threaded = trained(images, 1)
    assert_same(threaded, trained(images, 2))
    assert began == [2]


def test_recurrences_are_cut_for_replicas_alone(monkeypatch):
    monkeypatch.undo()
    model = keras.Sequential([keras.Input((28, 28)), layers.LSTM(64), layers.Dense(10)])
    model.compile("adam", "mse")
    made = cutter.Cutter(model)
    x = np.zeros((128, 28, 28), np.float32)
    assert made.cut(x) is None
    parts = made.cut(x, for_replicas=True)
    assert [(part.start, part.stop) for part in parts] == [(0, 64), (64, 128)]
    assert not parts.on_threads
    assert made.cut(x[:16], for_replicas=True) is None


def test_the_step_before_they_begin_needs_memory_for_one_part(began, monkeypatch):
    on_threads = []
    run = micro_batches.threads.run_products

    def noted(function, parts):
        on_threads.append(not began)
        return run(function, parts)

    monkeypatch.setattr(micro_batches.threads, "run_products", noted)
    trained(images, 2)
    assert True not in on_threads
    began.clear()
    trained(images, 2, epochs=1)  # so few steps that it may not pay to begin
    assert True in on_threads


def test_two_inputs_and_a_sum_of_losses_are_shared(began):
    def two():
        left, right = keras.Input((8, 8, 2)), keras.Input((6, 5))
        both = layers.Concatenate()([layers.Flatten()(left), layers.Flatten()(right)])
        model = keras.Model([left, right], layers.Dense(3)(both))
        return model, [IMAGES, SERIES]

    def run(processes):
        config.set_num_processes(processes)
        keras.utils.set_random_seed(1)
        model, x = two()
        loss = keras.losses.SparseCategoricalCrossentropy(True, reduction="sum")
        model.compile("sgd", loss)
        history = model.fit(x, LABELS, batch_size=20, epochs=2, verbose=0)
        return [np.array(history.history["loss"]), *model.get_weights()]

    assert_same(run(1), run(2))
    assert began == [2]


def test_what_only_looks_lets_replicas_stay(began, tmp_path):
    looking = [
        callbacks.EarlyStopping("loss", patience=5, restore_best_weights=True),
        callbacks.ModelCheckpoint(tmp_path / "best.keras"),
        callbacks.CSVLogger(tmp_path / "log.csv"),
    ]
    assert_same(trained(images, 1), trained(images, 2, callbacks=looking))
    assert began == [2]


def test_what_may_change_the_training_makes_them_begin_in_each_epoch(began):
    def changing():
        slower = callbacks.ReduceLROnPlateau(
            "loss", patience=0, min_delta=9, cooldown=0
        )
        halved = callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
        return {"callbacks": [slower, halved]}

    alone = trained(images, 1, **changing())
    assert_same(alone, trained(images, 2, **changing()))
    assert began == [2, 2, 2]


def test_a_stop_in_the_middle_and_a_limit_of_steps_hold(began, monkeypatch):
    class Stop(callbacks.TerminateOnNaN):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 1

    alone = trained(images, 1, callbacks=[Stop()])
    assert_same(alone, trained(images, 2, callbacks=[Stop()]))
    assert began == []  # it is a callback of the user's, called after each batch
    config.set_max_steps_per_epoch(2)
    try:
        assert_same(trained(images, 1), trained(images, 2))
    finally:
        config.set_max_steps_per_epoch(None)
    assert began == [2]


def test_batches_of_unknown_number_are_not_shared(began):
    config.set_num_processes(2)
    model, x = images()
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(((x[:25], LABELS[:25]) for _ in range(12)), verbose=0)
    assert int(model.optimizer.iterations) == 12
    assert began == []


@pytest.mark.parametrize(
    "options",
    [
        {"callbacks": [callbacks.LambdaCallback(on_train_batch_end=lambda *_: None)]},
        {"make": with_a_layer_of_ones_own},
        {"x": lambda x: (x[i : i + 5] for i in range(0, 50, 5))},
    ],
    ids=["callback", "layer", "generator"],
)
def test_what_the_user_wrote_is_run_once(options, began):
    make = options.pop("make", images)
    if "x" in options:
        model, x = make()
        model.compile("adam", "sparse_categorical_crossentropy")
        data = ((x[i : i + 25], LABELS[i : i + 25]) for i in (0, 25, 0, 25))
        config.set_num_processes(2)
        model.fit(data, steps_per_epoch=2, epochs=2, verbose=0)
    else:
        trained(make, 2, **options)
    assert began == []


class Own(keras.optimizers.SGD):
    """An optimizer of the user's."""


@pytest.mark.parametrize(
    "optimizer",
    [
        Own,
        lambda: keras.optimizers.LossScaleOptimizer(Own()),
        lambda: keras.optimizers.MultiOptimizer(lambda variable: Own()),
    ],
    ids=["alone", "with its loss scaled", "of several"],
)
def test_an_optimizer_of_ones_own_is_run_once(optimizer, began):
    config.set_num_processes(2)
    model, x = images()
    model.compile(optimizer(), "sparse_categorical_crossentropy")
    model.fit(x, LABELS, batch_size=16, epochs=2, verbose=0)
    assert began == []


def test_a_function_inside_a_layer_is_run_once(began):
    def gate(x):
        return keras.ops.sigmoid(x)

    gate.couples_samples = False

    def gated():
        x = keras.Input((6, 5))
        y = layers.LSTM(4, recurrent_activation=gate)(x)
        return keras.Model(x, layers.Dense(3, activation="softmax")(y)), SERIES

    trained(gated, 2)
    assert began == []


def test_a_model_with_a_call_of_its_own_is_run_once(began):
    class Called(keras.Sequential):
        def __call__(self, *args, **kwargs):
            return super().__call__(*args, **kwargs)

    def called():
        head = layers.Dense(3, activation="softmax")
        return Called([keras.Input((8, 8, 2)), layers.Flatten(), head]), IMAGES

    trained(called, 2)
    assert began == []


def test_random_numbers_that_a_metric_draws_change_no_bit(began, lost):
    def noise(y_true, y_pred):
        return keras.random.uniform((len(y_pred),))

    def run(processes):
        config.set_num_processes(processes)
        keras.utils.set_random_seed(1)
        model, x = images()
        model.compile("adam", "sparse_categorical_crossentropy", metrics=[noise])
        history = model.fit(x, LABELS, batch_size=16, epochs=2, verbose=0)
        return [*map(np.array, history.history.values()), *model.get_weights()]

    assert_same(run(1), run(2))
    assert began == [2]
    assert len(lost) == 1


@pytest.mark.parametrize("lost_in", [0, 3, 6])
def test_a_replica_that_is_lost_is_not_missed(lost_in, began, monkeypatch):
    alone = trained(images, 1)
    exchange = replicas.Replicas.exchange
    steps = []

    def lossy(self, arrays):
        steps.append(1)
        if self.rank and len(steps) > lost_in:
            os._exit(1)
        return exchange(self, arrays)

    monkeypatch.setattr(replicas.Replicas, "exchange", lossy)
    assert_same(alone, trained(images, 2))
    assert began == [2]


def test_processes_that_begin_an_epoch_differently_part(began, monkeypatch):
    alone = trained(images, 1)
    monkeypatch.setattr(data_parallel, "_state", lambda model: os.getpid())
    assert_same(alone, trained(images, 2))
    assert began == [2]


def test_where_the_system_allows_no_process_one_trains(began, monkeypatch):
    alone = trained(images, 1)

    def refused():
        raise OSError("no more processes")

    monkeypatch.setattr(replicas, "_fork", refused)
    assert_same(alone, trained(images, 2))


def children():
    return Path("/proc/thread-self/children").read_text().split()


@pytest.fixture
def interruptible():
    """Let SIGINT raise, which a shell's background jobs ignore from the start."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


def test_an_interrupt_ends_the_replicas(began, interruptible, monkeypatch):
    config.set_num_processes(2)
    model, x = images()
    model.compile("adam", "sparse_categorical_crossentropy")
    before = children()
    first, update = os.getpid(), type(model)._update_metrics

    def interrupted(self, *args):
        if os.getpid() == first and len(began) == 1:
            signal.raise_signal(signal.SIGINT)
            time.sleep(0)
        update(self, *args)

    monkeypatch.setattr(type(model), "_update_metrics", interrupted)
    with pytest.raises(KeyboardInterrupt):
        model.fit(x, LABELS, batch_size=16, epochs=3, verbose=0)
    assert began == [2]
    assert children() == before
    assert model._parallel is None
    assert threading.active_count() >= 1


def test_an_interrupt_while_replicas_are_ended_leaves_none(
    began, interruptible, monkeypatch
):
    config.set_num_processes(2)
    model, x = images()
    model.compile("adam", "sparse_categorical_crossentropy")
    before, affinity = children(), os.sched_getaffinity(0)
    waitpid, waits = os.waitpid, []

    def interrupted(*args):
        waits.append(args)
        if len(waits) == 1:
            signal.raise_signal(signal.SIGINT)
        return waitpid(*args)

    monkeypatch.setattr(os, "waitpid", interrupted)
    with pytest.raises(KeyboardInterrupt):
        model.fit(x, LABELS, batch_size=16, epochs=2, verbose=0)
    assert len(waits) == 2
    assert children() == before
    assert os.sched_getaffinity(0) == affinity
    assert model._parallel is None
