import numpy as np
import pytest

import keratorch as keras
from keratorch.compat import dialect

pytestmark = pytest.mark.usefixtures("quiet")

X = np.random.default_rng(0).random((12, 3)).astype("float32")
Y = np.arange(12) % 2


def compiled(units=1):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(units)])
    model.compile("sgd", "mse")
    return model


def forever(size=4):
    while True:
        for start in range(0, 12, size):
            yield X[start : start + size], Y[start : start + size]


def test_fit_generator_is_fit():
    history = compiled().fit_generator(
        forever(),
        steps_per_epoch=12 / 5,
        epochs=2,
        validation_data=forever(),
        validation_steps=1,
        workers=4,
        use_multiprocessing=True,
        max_queue_size=2,
        verbose=0,
    )
    assert len(history.history["val_loss"]) == 2


class Counted(keras.utils.PyDataset):
    """Six batches of two samples; notes which are taken, and the ends of rounds."""

    def __init__(self):
        super().__init__()
        self.taken = []

    def __len__(self):
        return 6

    def __getitem__(self, i):
        self.taken.append(i)
        return X[2 * i : 2 * i + 2], Y[2 * i : 2 * i + 2]

    def on_epoch_end(self):
        self.taken.append("end")


def test_epochs_shorter_than_a_sequence_go_on_where_the_last_ended():
    steps, batches = [], Counted()
    count = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda *_: steps.append(0),
        on_train_batch_end=lambda *_: steps.append(steps.pop() + 1),
    )
    compiled().fit_generator(
        batches, 4, epochs=3, callbacks=[count], shuffle=False, verbose=0
    )
    assert steps == [4, 4, 4]
    drawn = [*range(6), "end", *range(6)]
    assert batches.taken[: len(drawn)] == drawn


def test_epochs_longer_than_a_sequence_go_round():
    batches, model = Counted(), compiled()
    model.fit_generator(batches, 8, epochs=2, shuffle=False, verbose=0)
    drawn = [*range(6), "end"] * 2 + [*range(4)]
    assert batches.taken[: len(drawn)] == drawn
    assert int(model.optimizer.iterations) == 16


def test_epochs_longer_than_a_folder_of_images_go_round():
    generator = keras.preprocessing.image.ImageDataGenerator()
    images = generator.flow(np.ones((6, 4, 4, 1)), np.ones(6), 2)
    model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit_generator(images, 8, epochs=2, verbose=0)
    assert int(model.optimizer.iterations) == 16


@pytest.mark.parametrize("source", [forever, Counted])
def test_steps_per_epoch_counts_steps_beside_nb_epoch(source):
    model = compiled()
    model.fit_generator(source(), steps_per_epoch=6, nb_epoch=2, verbose=0)
    assert int(model.optimizer.iterations) == 12


def test_a_sequence_of_ones_own_counts_steps_by_place():
    model = compiled()
    model.fit_generator(Counted(), 6, nb_epoch=1, verbose=0)
    assert int(model.optimizer.iterations) == 6


def test_a_sequence_of_ones_own_counts_samples_by_name():
    model = compiled()
    model.fit_generator(Counted(), samples_per_epoch=12, nb_epoch=1, verbose=0)
    assert int(model.optimizer.iterations) == 6


def test_keras_1_counts_samples():
    class Count(keras.callbacks.Callback):
        batches = 0

        def on_train_batch_end(self, batch, logs=None):
            Count.batches += 1

    compiled().fit_generator(
        forever(4),
        samples_per_epoch=12,
        nb_epoch=2,
        validation_data=forever(),
        nb_val_samples=4,
        callbacks=[Count()],
        verbose=0,
    )
    assert Count.batches == 6


def test_keras_2_counts_samples_in_whole_batches():
    batches = keras.preprocessing.image.ImageDataGenerator().flow(
        np.zeros((9, 2, 2, 1)), np.zeros(9), batch_size=4
    )
    model = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Flatten()])
    model.add(keras.layers.Dense(1))
    model.compile("sgd", "mse")
    model.fit_generator(batches, samples_per_epoch=11, epochs=3, verbose=0)
    assert int(model.optimizer.iterations) == 6  # 11 // 4 in each


def test_keras_2_counts_steps_where_it_knows_no_size_of_a_batch():
    model, tested = compiled(), []
    count = keras.callbacks.LambdaCallback()
    count.on_test_batch_end = lambda batch, logs=None: tested.append(batch)
    model.fit_generator(
        forever(),
        samples_per_epoch=5,
        epochs=2,
        validation_data=forever(),
        nb_val_samples=3,
        callbacks=[count],
        verbose=0,
    )
    assert int(model.optimizer.iterations) == 10
    assert tested == [0, 1, 2] * 2


@pytest.mark.parametrize("inputs", [X, [X], {"x": X}])
def test_keras_1_counts_samples_of_batches_without_targets(inputs):
    model = keras.Sequential([keras.Input((3,), name="x"), keras.layers.Dense(1)])
    found = model.predict_generator(iter([inputs] * 9), val_samples=len(X))
    assert found.shape == (len(X), 1)


def batches_drawn(train):
    drawn = []

    def counted():
        for batch in forever(4):
            drawn.append(batch)
            yield batch

    train(counted())
    return len(drawn)


def test_the_second_argument_counts_samples_beside_nb_epoch():
    model = compiled()
    count = batches_drawn(lambda g: model.fit_generator(g, 12, nb_epoch=2, verbose=0))
    assert 6 <= count < 12


def test_all_generators_count_samples_in_scripts_of_keras_1(installed):
    model = compiled()
    dialect.read("import keras\nmodel.fit(x, y, nb_epoch=2)")
    assert model.predict_generator(forever(4), 12).shape == (12, 1)
    assert batches_drawn(lambda g: model.evaluate_generator(g, 12)) < 12
    dialect.read("import keras\nf(nb_epoch=2)\nf(steps_per_epoch=3)")
    assert model.predict_generator(forever(4), 3).shape == (12, 1)
    dialect.forget()


def test_evaluate_and_predict_generator():
    model = compiled()
    loss = model.evaluate_generator(forever(), 3)
    assert loss == pytest.approx(model.evaluate(X, Y, batch_size=4, verbose=0))
    batches = (X[i : i + 4] for i in range(0, 12, 4))
    given = model.predict_generator(batches, 3)
    np.testing.assert_allclose(given, model.predict(X, verbose=0), atol=1e-6)


def test_classes_are_the_largest_outputs_or_those_over_a_half():
    model = compiled(3)
    expected = model.predict(X, verbose=0).argmax(-1)
    np.testing.assert_array_equal(model.predict_classes(X), expected)
    one = compiled(1)
    expected = (one.predict(X, verbose=0) > 0.5).astype(int)
    np.testing.assert_array_equal(one.predict_classes(X), expected)
    np.testing.assert_array_equal(one.predict_proba(X), one.predict(X, verbose=0))


def test_fit_takes_the_older_arguments():
    history = compiled().fit(
        X,
        Y,
        nb_epoch=2,
        show_accuracy=True,
        validation_data=[X, Y],
        verbose=0,
        workers=2,
    )
    assert len(history.history["val_loss"]) == 2
    assert history.epoch == [0, 1]


def test_callbacks_find_the_validation_data():
    class Look(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.seen = [len(part) for part in self.validation_data]

    look = Look()
    compiled().fit(X, Y, validation_data=(X[:5], Y[:5]), callbacks=[look], verbose=0)
    assert look.seen == [5, 5, 5]


def test_compile_takes_the_older_arguments():
    model = compiled()
    model.compile("sgd", "mse", class_mode="binary", sample_weight_mode=None)


def test_metrics_may_come_third():
    model = compiled()
    model.compile("sgd", "mse", ["mae"])
    assert "mae" in model.evaluate(X, Y, verbose=0, return_dict=True)
    model.compile("sgd", "mse", [2.0])
    doubled = model.evaluate(X, Y, verbose=0)
    model.compile("sgd", "mse", [1.0])
    assert doubled == pytest.approx(2 * model.evaluate(X, Y, verbose=0))


def test_stateful_layers_forget():
    recurrent = keras.layers.LSTM(2, stateful=True, batch_input_shape=(3, 4, 2))
    model = keras.Sequential([recurrent, keras.layers.Dense(1)])
    x = np.ones((3, 4, 2))
    first = model.predict(x, batch_size=3, verbose=0)
    assert not np.array_equal(model.predict(x, batch_size=3, verbose=0), first)
    model.reset_states()
    np.testing.assert_array_equal(model.predict(x, batch_size=3, verbose=0), first)


def test_outputs_are_numbered_by_calls():
    layer = keras.layers.Dense(2)
    x, other = keras.Input((3,)), keras.Input((4, 3))
    out, second = layer(x), layer(other)
    assert layer.get_output_at(0) is out
    assert layer.get_output_at(1) is layer.get_output_at(-1) is second
    assert layer.get_input_at(0) is layer.input is x
    assert layer.get_input_at(1) is other
    assert layer.get_input_shape_at(1) == (None, 4, 3)
    assert layer.get_output_shape_at(0) == (None, 2)
    with pytest.raises(ValueError, match=r"has had 2 calls"):
        layer.get_output_at(2)


def test_a_models_own_outputs_are_those_of_its_call_0():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    x = keras.Input((3,))
    out = model(x)
    assert model.get_output_at(0) is model.output
    assert model.get_output_at(1) is out
    assert model.get_input_at(-1) is x
    assert model.layers[0].get_input_at(0) is model.input


def test_masks_are_told_by_layers():
    layer = keras.layers.Embedding(5, 2, mask_zero=True)
    layer(keras.Input((3,)))
    assert layer.output_mask is layer.get_output_mask_at(0) is not None
    assert layer.input_mask is layer.get_input_mask_at(0) is None
    assert not layer.dynamic


@pytest.mark.parametrize("name", ["make_predict_function", "_make_train_function"])
def test_what_sessions_needed_does_nothing(name):
    assert getattr(compiled(), name)() is None


def test_a_misspelled_argument_of_a_generator_method_raises():
    with pytest.raises(TypeError, match="step_per_epoch"):
        compiled().fit_generator(forever(), step_per_epoch=3)


def test_generator_methods_take_what_steered_keras_1s_workers():
    history = compiled().fit_generator(
        forever(), samples_per_epoch=8, nb_epoch=1, nb_worker=2, max_q_size=3, verbose=0
    )
    assert len(history.epoch) == 1


def test_show_accuracy_is_a_metric_of_a_model_without_one():
    loss, accuracy = compiled().evaluate(X=X, y=Y, show_accuracy=True, verbose=0)
    assert 0 <= accuracy <= 1
    assert loss > 0
    history = compiled().fit(X=X, y=Y, show_accuracy=True, verbose=0).history
    assert "acc" in history
    assert len(compiled().train_on_batch(X, Y, accuracy=True)) == 2
    assert compiled().predict(X=X, verbose=0).shape == (12, 1)


def test_the_bar_of_keras_1_is_read_and_forced():
    bar = keras.utils.Progbar(4, verbose=0)
    bar.update(1, [("loss", 2.0)], force=True)
    bar.add(1, [("loss", 4.0)])
    total, count = bar.sum_values["loss"]
    assert total / count == 3.0


def test_class_weights_that_are_no_dict_are_left_out_of_scripts(installed):
    model = compiled()
    for weights in ("auto", np.ones(2)):
        model.fit(X, Y, class_weight=weights, verbose=0)


def test_class_weights_that_are_no_dict_are_errors_elsewhere():
    with pytest.raises(TypeError, match="class_weight must be a dict"):
        compiled().fit(X, Y, class_weight="auto", verbose=0)


@pytest.mark.parametrize("named", [False, True])
def test_a_model_of_lists_of_one_gives_an_array_in_scripts(named, installed):
    x = keras.Input((3,))
    y = keras.layers.Dense(2)(x)
    model = keras.Model(input=[x], output=[y]) if named else keras.Model([x], [y])
    assert model.predict([X], verbose=0).shape == (12, 2)
    assert (model.input_shape, model.output_shape) == ((None, 3), (None, 2))


def test_so_it_does_elsewhere_as_in_keras_3():
    x = keras.Input((3,))
    model = keras.Model([x], [keras.layers.Dense(2)(x)])
    assert model.predict(X, verbose=0).shape == (12, 2)


def test_train_and_test_take_a_batch_as_in_the_first_keras():
    model, same = compiled(), compiled()
    same.set_weights(model.get_weights())
    assert model.train(X, Y) == pytest.approx(same.train_on_batch(X, Y))
    assert model.test(X, Y) == pytest.approx(same.test_on_batch(X, Y))
    _, accuracy = model.train(X, Y, accuracy=True)
    assert 0 <= accuracy <= 1
    assert model.train() is model and model.train(False) is model
    assert model.train(mode=False) is model


def test_get_output_and_get_input_are_symbols():
    model = compiled()
    layer = model.layers[0]
    assert layer.get_output(train=False) is layer.output
    assert layer.get_input() is layer.input
    K = keras.backend
    (found,) = K.function([layer.get_input()], [layer.get_output()])([X])
    np.testing.assert_allclose(found, model.predict(X, verbose=0), rtol=1e-5)
    with pytest.raises(NotImplementedError, match="training=True"):
        layer.get_output(train=True)
