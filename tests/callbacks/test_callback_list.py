import numpy as np
import pytest

from keratorch.callbacks import (
    Callback,
    CallbackList,
    EarlyStopping,
    History,
    LambdaCallback,
    ProgbarLogger,
)

PARAMS = {"verbose": 0, "epochs": 1, "steps": 1}
MOMENTS = ["train_begin", "train_end", "test_begin", "test_end"]
MOMENTS += ["predict_begin", "predict_end"]
BATCH_HOOKS = [
    f"on_{kind}_batch_{edge}"
    for kind in ("train", "test", "predict")
    for edge in ("begin", "end")
]


class Recorder(Callback):
    def __init__(self):
        self.calls = []

    def on_train_begin(self, logs=None):
        self.calls.append(("train_begin", logs))

    def on_epoch_end(self, epoch, logs=None):
        self.calls.append(("epoch_end", epoch, logs))

    def on_train_batch_end(self, batch, logs=None):
        self.calls.append(("train_batch_end", batch, logs))


def test_every_moment_reaches_every_callback():
    calls = []
    hooks = [f"on_{moment}" for moment in MOMENTS]
    hooks += ["on_epoch_begin", "on_epoch_end", *BATCH_HOOKS]

    def note(hook):
        return lambda *arguments, **keywords: calls.append((hook, arguments, keywords))

    first = LambdaCallback(**{hook: note(hook) for hook in hooks})
    second = LambdaCallback(**{hook: note(hook) for hook in hooks})
    callbacks = CallbackList([first, second])
    for hook in hooks:
        indexed = "epoch" in hook or "batch" in hook
        getattr(callbacks, hook)(*([7] if indexed else []), logs={"loss": 1})
        for _ in range(2):
            name, arguments, keywords = calls.pop()
            # As in Keras: logs come by keyword to the hooks of a batch only.
            logs = keywords["logs"] if "batch" in hook else arguments[-1]
            assert (name, logs) == (hook, {"loss": 1.0})
            assert arguments[:1] == (7,) or not indexed
        assert not calls


def test_logs_are_sorted_floats_and_inner_dicts_dissolve():
    recorder = Recorder()
    CallbackList([recorder]).on_epoch_end(
        3,
        {
            "loss": np.float32(0.5),
            "by_class": {"b": np.array(2), "a": 1},
            "accuracy": 1,
            "note": "text",
        },
    )
    ((_, epoch, logs),) = recorder.calls
    assert epoch == 3
    assert list(logs) == ["accuracy", "a", "b", "loss", "note"]
    assert [type(logs[name]) for name in ("loss", "b", "note")] == [float, float, str]


def test_what_a_callback_adds_to_the_logs_reaches_the_history(model):
    adds = LambdaCallback(on_epoch_end=lambda epoch, logs: logs.update(extra=epoch))
    callbacks = CallbackList([adds], add_history=True, model=model)
    callbacks.on_train_begin()
    callbacks.on_epoch_end(0, {"loss": 1.0})
    assert model.history.history == {"loss": [1.0], "extra": [0]}


def test_a_callback_may_be_given_a_model_of_its_own(model):
    class Own(Callback):
        def __init__(self, model):
            super().__init__()
            self.model = model

    callback = Own("given")
    assert callback.model == "given"
    CallbackList([callback], model=model)
    assert callback.model is model


def test_history_and_progress_bar_are_added_once(model):
    callbacks = CallbackList([], True, True, model, **PARAMS)
    assert [type(c) for c in callbacks.callbacks] == [History, ProgbarLogger]
    own = [ProgbarLogger(), History()]
    callbacks = CallbackList(own, True, True, model, **PARAMS)
    assert callbacks.callbacks == own
    assert model.history is own[1]


def test_callbacks_learn_of_the_model_and_the_run(model):
    recorder = Recorder()
    callbacks = CallbackList([recorder], model=model, **PARAMS)
    assert recorder.model is model
    assert recorder.params == PARAMS
    late = Recorder()
    callbacks.append(late)
    assert (late.model, late.params) == (model, PARAMS)
    callbacks.on_train_batch_end(0)
    assert late.calls


def test_lists_may_be_nested_and_a_callback_may_come_alone():
    a, b, c = Recorder(), Recorder(), Recorder()
    assert CallbackList([a, [b, (c,)]]).callbacks == [a, b, c]
    assert CallbackList(a).callbacks == [a]
    assert CallbackList(CallbackList([a])).callbacks == [a]
    assert CallbackList(None).callbacks == []


def test_only_overridden_batch_hooks_are_wanted():
    older = type("Older", (Callback,), {"on_batch_begin": lambda s, b, logs=None: None})
    callbacks = CallbackList(
        [
            Recorder(),
            History(),
            older(),
            LambdaCallback(on_test_batch_end=lambda batch, logs: None),
        ]
    )
    wanted = [hook for hook in BATCH_HOOKS if callbacks.overriding(hook)]
    assert wanted == ["on_train_batch_begin", "on_train_batch_end", "on_test_batch_end"]


def test_the_older_names_of_batch_hooks_are_called():
    calls = []

    class Older(Callback):
        def on_batch_begin(self, batch, logs=None):
            calls.append(("begin", batch, logs))

        def on_batch_end(self, batch, logs=None):
            calls.append(("end", batch, logs))

    callbacks = CallbackList([Older()])
    callbacks.on_train_batch_begin(2)
    callbacks.on_train_batch_end(2, {"loss": 1})
    assert calls == [("begin", 2, {}), ("end", 2, {"loss": 1.0})]


def test_logs_are_made_only_where_somebody_looks():
    made = []

    def make():
        made.append(1)
        return {"loss": np.float32(1)}

    CallbackList([History()]).on_train_batch_end(0, make)
    assert not made
    first, second = Recorder(), Recorder()
    CallbackList([first, second]).on_train_batch_end(4, make)
    assert len(made) == 1
    assert first.calls == second.calls == [("train_batch_end", 4, {"loss": 1.0})]


def test_every_callback_hears_the_end_and_the_error_goes_on():
    ended = []

    def fail(logs):
        raise RuntimeError("mine")

    callbacks = CallbackList(
        [
            LambdaCallback(on_train_end=lambda logs: ended.append(1)),
            LambdaCallback(on_train_end=fail),
            LambdaCallback(on_train_end=lambda logs: ended.append(3)),
        ]
    )
    with pytest.raises(RuntimeError, match="mine"):
        callbacks.on_train_end()
    assert ended == [1, 3]


@pytest.mark.parametrize("given", [EarlyStopping, [EarlyStopping], [[EarlyStopping]]])
def test_a_class_instead_of_an_instance_is_explained(given):
    with pytest.raises(TypeError, match=r"Pass an instance: EarlyStopping\(\)"):
        CallbackList(given)


@pytest.mark.parametrize("given", ["early_stopping", [None], [print], [3]])
def test_what_is_no_callback_is_refused(given):
    with pytest.raises(TypeError, match="must be instances of"):
        CallbackList(given)
    with pytest.raises(TypeError, match="must be instances"):
        CallbackList().append(given)


class Named(Callback):
    """Calls the logs as it likes."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_batch_begin(self, batch, _):
        self.seen.append(batch)

    def on_train_batch_end(self, batch, numbers):
        self.seen.append(numbers["loss"])

    def on_test_batch_end(self, batch, **given):
        self.seen.append(given["logs"]["loss"])


def test_hooks_of_batches_may_call_the_logs_by_any_name():
    named, found = Named(), []
    function = LambdaCallback(on_batch_end=lambda b, log: found.append(log["loss"]))
    callbacks = CallbackList([named, function])
    callbacks.on_train_batch_begin(3)
    callbacks.on_train_batch_end(3, {"loss": 0.5})
    callbacks.on_test_batch_end(0, {"loss": 0.25})
    assert named.seen == [3, 0.5, 0.25]
    assert found == [0.5]
