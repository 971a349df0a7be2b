"""What users hold data in: frames, lists, dicts, tensors, loaders and generators."""

import warnings

import numpy as np
import pytest

import keratorch as keras
from keratorch import layers

RNG = np.random.default_rng(3)
A = RNG.random((24, 4), dtype=np.float32)
B = RNG.random((24, 2), dtype=np.float32)
Y = RNG.random((24, 1), dtype=np.float32)


def one_input():
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


class Pair(keras.Model):
    """Two inputs, in a list, a tuple or a dict."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first, self.second = keras.layers.Dense(1), keras.layers.Dense(1)

    def call(self, inputs):
        a, b = inputs.values() if isinstance(inputs, dict) else inputs
        return self.first(a) + self.second(b)


def two_inputs():
    keras.utils.set_random_seed(1)
    model = Pair()
    model.compile("sgd", "mse")
    return model


def loss_after_a_step(model, *data, **more):
    model.fit(*data, shuffle=False, verbose=0, **more)
    return model.evaluate(A, Y, verbose=0)


class Frame:
    """What of a pandas frame matters here: an array, named columns, rows by number."""

    def __init__(self, values, columns="wxyz", dtype=object):
        self.values = np.asarray(values, dtype)
        self.columns = list(columns)
        self.shape = self.values.shape

    def __len__(self):
        return len(self.values)

    def __iter__(self):
        return iter(self.columns)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype)

    @property
    def iloc(self):
        return self.values


FORMS = {
    "lists": (A.tolist(), Y.tolist()),
    "rows in a list": (list(A), list(Y)),
    "tuples": (tuple(map(tuple, A.tolist())), tuple(map(tuple, Y.tolist()))),
    "lists of one array": ([A], [Y]),
    "frames": (Frame(A), Frame(Y, "y")),
    "frame and column": (Frame(A, dtype=float), Y[:, 0].tolist()),
    "GradArrays": (keras.GradArray(A), keras.GradArray(Y)),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_one_input(form):
    expected = loss_after_a_step(one_input(), A, Y)
    assert loss_after_a_step(one_input(), *FORMS[form]) == pytest.approx(expected)


def test_pandas_frames_and_series():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(A, columns=list("wxyz"))
    expected = loss_after_a_step(one_input(), A, Y)
    got = loss_after_a_step(one_input(), frame, pandas.Series(Y[:, 0]))
    assert got == pytest.approx(expected)


def test_text_in_a_frame_names_the_column():
    values = A.astype(object)
    values[3, 2] = "blue"
    with pytest.raises(ValueError, match=r"str at index \(3, 2\), in the column 'y'"):
        one_input().fit(Frame(values), Y)


class Tensor:
    """What of a PyTorch tensor matters here: it must be detached."""

    def __init__(self, values, attached=True):
        self.values, self.attached = values, attached
        self.shape = values.shape

    def __len__(self):
        return len(self.values)

    def detach(self):
        return Tensor(self.values, False)

    def cpu(self):
        return self

    def __array__(self, dtype=None, copy=None):
        assert not self.attached
        return self.values


def test_loader_of_tensors_in_lists():
    class Loader:
        def __iter__(self):
            for start in range(0, 24, 8):
                part = slice(start, start + 8)
                yield [Tensor(A[part]), Tensor(Y[part])]

        def __len__(self):
            return 3

    expected = loss_after_a_step(one_input(), A, Y, batch_size=8, epochs=2)
    assert loss_after_a_step(one_input(), Loader(), epochs=2) == pytest.approx(expected)


def test_progress_bar_knows_the_length_of_a_loader(capsys):
    one_input().fit(Batches(), verbose=1)
    assert "3/3" in capsys.readouterr().out


class Batches:
    """Batches that can be gone through again, of known length."""

    def __init__(self, *arrays):
        self.arrays = arrays or (A, Y)

    def __len__(self):
        return 3

    def __iter__(self):
        for start in range(0, 24, 8):
            yield tuple(part(array, start) for array in self.arrays)


def part(structure, start):
    if isinstance(structure, dict):
        return {key: part(value, start) for key, value in structure.items()}
    if isinstance(structure, (list, tuple)):
        return type(structure)(part(value, start) for value in structure)
    return structure[start : start + 8]


INPUTS = {"list": [A, B], "tuple": (A, B), "dict": {"a": A, "b": B}}


@pytest.mark.parametrize("inputs", INPUTS)
@pytest.mark.parametrize("source", ["arrays", "batches", "generator"])
def test_several_inputs(inputs, source):
    x = INPUTS[inputs]
    reference = two_inputs()
    reference.fit([A, B], Y, batch_size=8, shuffle=False, verbose=0)
    model = two_inputs()
    data = {
        "arrays": ((x, Y), {"batch_size": 8}),
        "batches": ((Batches(x, Y),), {}),
        "generator": ((iter(Batches(x, Y)),), {}),
    }
    given, more = data[source]
    model.fit(*given, shuffle=False, verbose=0, **more)
    for mine, other in zip(model.get_weights(), reference.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, other)
    np.testing.assert_array_equal(
        model.predict(x, verbose=0), reference.predict([A, B], verbose=0)
    )


def test_columns_of_one_axis_are_inputs_of_a_model_with_several():
    a, b = keras.Input((1,), name="a"), keras.Input((1,), name="b")
    model = keras.Model([a, b], keras.layers.Dense(1)(a + b))
    model.compile("sgd", "mse")
    model.fit([A[:, 0], A[:, 1]], Y, verbose=0)
    expected = model.predict([A[:, :1], A[:, 1:2]], verbose=0)
    as_lists = [A[:, 0].tolist(), A[:, 1].tolist()]
    np.testing.assert_allclose(model.predict(as_lists, verbose=0), expected)


def test_inputs_of_different_lengths_are_named():
    with pytest.raises(ValueError, match=r"24 in x\['a'\], 20 in x\['b'\]"):
        two_inputs().fit({"a": A, "b": B[:20]}, Y)


def test_nan_in_the_second_input_is_named():
    bad = B.copy()
    bad[3, 1] = np.nan
    with pytest.raises(ValueError, match=r"x\[1\] holds nan at index \(3, 1\)"):
        two_inputs().fit([A, bad], Y)


def test_shape_of_the_second_input_is_checked():
    a, b = keras.Input((4,), name="a"), keras.Input((2,), name="b")
    joined = keras.layers.Concatenate()([a, b])
    model = keras.Model([a, b], keras.layers.Dense(1)(joined))
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match=r"x\['b'\].*\(2,\).*\(4,\)"):
        model.fit({"a": A, "b": A}, Y)
    with pytest.raises(ValueError, match=r"validation_data: x\[1\]"):
        model.fit([A, B], Y, validation_data=([A, A], Y))


def test_validation_split_cuts_all_inputs():
    model = two_inputs()
    history = model.fit([A, B], Y, validation_split=0.25, verbose=0)
    expected = model.evaluate([A[18:], B[18:]], Y[18:], verbose=0)
    assert history.history["val_loss"][0] == pytest.approx(expected)


def test_one_column_may_come_without_its_axis():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(A[:, 0], Y[:, 0], verbose=0)
    assert model.predict(A[:, 0], verbose=0).shape == (24, 1)
    assert model.predict([10.0], verbose=0).shape == (1, 1)


def test_integers_reach_the_model_as_integers():
    seen = []

    class Look(keras.Model):
        def call(self, inputs):
            seen.append(inputs.dtype)
            return inputs * np.float32(1)

    model = Look()
    model.compile(loss="mse")
    big = np.array([[2**24 + 1]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # there are no weights
        model.fit(big, big, verbose=0)
    assert all(np.dtype(dtype).kind == "i" for dtype in seen)


def test_validation_sees_the_first_two_batches_of_a_generator_again():
    seen = []

    class Watch(keras.Sequential):
        def test_step(self, data):
            seen.append(int(data[0][0, 0]))
            return super().test_step(data)

    def numbers():
        i = 0
        while True:
            yield np.full((2, 1), i, np.float32), np.ones((2, 1), np.float32)
            i += 1

    model = Watch([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(
        A[:, :1],
        Y,
        validation_data=numbers(),
        validation_steps=3,
        epochs=3,
        verbose=0,
    )
    assert seen == [0, 1, 2, 0, 1, 3, 0, 1, 4]


def test_a_generator_may_weight_the_second_output_alone():
    x, weights = np.ones((2, 1), "float32"), np.float32([1, 3])  # as many as outputs

    def batches(first):
        while True:
            yield x, [x, x], [first, weights]

    losses = []
    for first in (None, np.ones(2, "float32")):
        keras.utils.set_random_seed(0)
        inputs = keras.Input((1,))
        outputs = [keras.layers.Dense(1)(inputs) for _ in range(2)]
        model = keras.Model(inputs, outputs)
        model.compile("sgd", "mse")
        fit = model.fit(batches(first), steps_per_epoch=2, verbose=0)
        losses.append(fit.history["loss"])
    assert losses[0] == losses[1]


def test_finite_generator_ends_the_training_with_a_warning():
    model = one_input()
    with pytest.warns(UserWarning, match="epoch 1 of 3") as caught:
        history = model.fit(iter(Batches()), epochs=3, verbose=0)
    assert history.epoch == [0]
    assert caught[0].filename == __file__


def test_batch_size_beside_a_generator_warns_at_the_users_line():
    with pytest.warns(UserWarning, match="batch_size=8 changes nothing") as caught:
        one_input().fit(Batches(), batch_size=8, verbose=0)
    assert caught[0].filename == __file__


def test_validation_split_of_a_generator_is_refused():
    with pytest.raises(ValueError, match="validation_split needs x as arrays"):
        one_input().fit(Batches(), validation_split=0.2)


def test_steps_without_batch_size_cut_the_data_into_so_many_batches():
    model = one_input()
    model.fit(A, Y, steps_per_epoch=5, verbose=0)
    assert int(model.optimizer.iterations) == 5


def test_class_weights_of_labels_with_an_axis_and_of_one_hot_labels():
    labels = np.arange(24) % 3
    weights = {0: 1.0, 1: 3.0, 2: 0.5}

    def loss(y, name):
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "softmax")])
        model.compile("sgd", name)
        return model.fit(A, y, class_weight=weights, shuffle=False, verbose=0).history

    sparse = loss(labels, "sparse_categorical_crossentropy")
    assert loss(labels[:, None], "sparse_categorical_crossentropy") == sparse
    one_hot = loss(np.eye(3)[labels], "categorical_crossentropy")
    assert one_hot["loss"] == pytest.approx(sparse["loss"])


class Sparse:
    """What `fit` sees of a sparse matrix of SciPy."""

    def __init__(self, dense):
        self.dense, self.shape = dense, dense.shape

    def toarray(self):
        return self.dense


def test_sparse_matrices_are_taken_as_arrays():
    x = np.eye(6, dtype="float32")
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    history = model.fit(Sparse(x), np.arange(6), validation_split=0.5, verbose=0)
    assert {"loss", "val_loss"} == set(history.history)
    expected = model.predict(x, verbose=0)
    np.testing.assert_array_equal(model.predict(Sparse(x), verbose=0), expected)
    np.testing.assert_array_equal(model.predict_on_batch(Sparse(x)), expected)


def test_a_loader_that_does_not_know_its_length_gives_its_batches():
    class Loader:
        def __iter__(self):
            return iter([(np.ones((4, 2)), np.zeros((4, 1)))] * 3)

        def __len__(self):
            raise TypeError("the data set has no length")

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(Loader(), epochs=2, verbose=0)
    assert model.optimizer.iterations == 6


def test_list_of_one_column_is_the_target_of_one_output():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.ones((8, 3)), np.arange(8.0)
    model.set_weights([np.zeros((3, 1)), np.zeros(1)])
    assert model.evaluate(x, [y], verbose=0) == np.mean(y**2)
    assert model.test_on_batch(x, [y]) == np.mean(y**2)
    history = model.fit(x, [y], validation_data=(x, [y]), verbose=0).history
    assert list(history) == ["loss", "val_loss"]


def of_sequences():
    return [layers.Embedding(9, 4), layers.LSTM(3)]


def of_images():
    return [layers.Conv2D(4, 3), layers.GlobalAveragePooling2D()]


@pytest.mark.parametrize(
    ("make", "shape", "samples"),
    [
        (of_sequences, (8,), (4, 10)),
        (of_images, (8, 8, 1), (4, 10, 12, 1)),
        (lambda: [layers.Conv2D(4, 3), layers.Flatten()], (8, 10, 1), (4, 10, 8, 1)),
    ],
)
def test_a_sequential_takes_lengths_that_its_layers_take(make, shape, samples):
    model = keras.Sequential([keras.Input(shape), *make(), layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.ones(samples)
    with pytest.warns(UserWarning, match="expects samples of shape .* goes on"):
        assert model.predict(x, verbose=0).shape == (4, 1)
        model.fit(x, np.ones(4), verbose=0)
        model.evaluate(x, np.ones(4), verbose=0)


@pytest.mark.parametrize(
    ("make", "shape", "samples"),
    [
        (lambda: [layers.Dense(2)], (8,), (4, 10)),
        (of_images, (8, 8, 1), (4, 8, 8, 3)),
        (lambda: [layers.Conv2D(4, 3), layers.Flatten()], (8, 10, 1), (4, 12, 8, 1)),
    ],
)
def test_other_lengths_are_refused_at_the_door(make, shape, samples):
    model = keras.Sequential([keras.Input(shape), *make(), layers.Dense(1)])
    with pytest.raises(ValueError, match="expects samples of shape"):
        model.predict(np.ones(samples), verbose=0)


def test_a_functional_model_refuses_other_lengths():
    x = keras.Input((8,))
    model = keras.Model(x, layers.LSTM(3)(layers.Embedding(9, 4)(x)))
    with pytest.raises(ValueError, match="expects samples of shape"):
        model.predict(np.ones((4, 10)), verbose=0)
