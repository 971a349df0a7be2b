import numpy as np

import keratorch as keras
from keratorch.utils import Dataset


def test_texts_that_were_looked_up_have_a_method_numpy():
    letters = keras.layers.StringLookup(vocabulary=["a", "ü"], invert=True)
    texts = letters(np.array([1, 2, 0]))
    assert texts.numpy().tolist() == [b"a", "ü".encode(), b"[UNK]"]
    assert texts[1] == "ü" and texts[0].numpy() == b"a"
    assert letters(np.array(2)).numpy() == "ü".encode()


def test_models_give_texts_the_axis_that_numbers_get():
    text = keras.Input((1,), dtype="string", name="text")
    number = keras.Input((1,), name="number")
    lookup = keras.layers.StringLookup(vocabulary=["a", "b"], output_mode="one_hot")
    outputs = keras.layers.Concatenate()([lookup(text), number])
    model = keras.Model({"text": text, "number": number}, outputs)
    data = {"text": np.array(["b", "c"]), "number": np.array([0.5, 2.0])}
    expected = [[0, 0, 1, 0.5], [1, 0, 0, 2]]
    assert model.predict(data, verbose=0).tolist() == expected
    batches = Dataset.from_tensor_slices(data).batch(1)
    assert model.predict(batches, verbose=0).tolist() == expected
