import numpy as np
import pytest

from keratorch.utils import pad_sequences


def test_strings_need_dtype_object():
    words = [["a"], ["b", "c"]]
    padded = pad_sequences(words, dtype=object, value="pad")
    assert padded.tolist() == [["pad", "a"], ["b", "c"]]
    with pytest.raises(ValueError, match="dtype=object"):
        pad_sequences([[1]], value="pad")


@pytest.mark.parametrize(
    ("sequences", "arguments", "told"),
    [
        (5, {}, "list of sequences"),
        ([1, 2], {}, r"sequences\[0\] is 1"),
        ([[1]], {"padding": "left"}, "padding must be 'pre' or 'post'"),
        ([[1]], {"truncating": "left"}, "truncating must be"),
        ([[[1, 2]], [[1]]], {}, r"sequences\[1\] have shape \(1,\)"),
    ],
)
def test_wrong_arguments_are_told(sequences, arguments, told):
    with pytest.raises(ValueError, match=told):
        pad_sequences(sequences, **arguments)


def test_no_sequences_make_an_empty_array():
    assert pad_sequences([]).shape == (0, 0)
    assert pad_sequences([[1, 2]], maxlen=0).shape == (1, 0)
    assert pad_sequences([[], []]).dtype == np.int32
