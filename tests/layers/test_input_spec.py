"""InputSpec says which inputs a layer takes."""

import numpy as np
import pytest

from keratorch.layers.input_spec import InputSpec, check_inputs


@pytest.mark.parametrize(
    ("spec", "fits", "fails", "message"),
    [
        ({"ndim": 2}, (2, 3), (2, 3, 4), "2 axes"),
        ({"min_ndim": 2}, (2, 3), (2,), "at least 2 axes"),
        ({"max_ndim": 2}, (2, 3), (2, 3, 4), "at most 2 axes"),
        ({"axes": {-1: 3}}, (2, 3), (2, 4), "length 3 along axis -1"),
        ({"axes": {1: 3, 2: None}}, (2, 3, 9), (2, 3), "length None along axis 2"),
        ({"shape": (None, 3)}, (7, 3), (7, 4), r"shape \(None, 3\)"),
        ({"dtype": "float32"}, (2,), None, "dtype float32, not int64"),
    ],
)
def test_inputs_that_fit_and_inputs_that_do_not(spec, fits, fails, message):
    spec = InputSpec(**spec)
    check_inputs(spec, np.ones(fits, np.float32), "layer")
    wrong = np.ones(2, np.int64) if fails is None else np.ones(fails, np.float32)
    with pytest.raises(ValueError, match=f"'layer' is incompatible.*{message}"):
        check_inputs(spec, wrong, "layer")


def test_a_last_axis_of_length_one_may_be_missing_or_too_many():
    spec = InputSpec(shape=(None, 4, 1), allow_last_axis_squeeze=True)
    check_inputs(spec, np.ones((2, 4)), "layer")
    check_inputs(spec, np.ones((2, 4, 1)), "layer")
    with pytest.raises(ValueError, match="expected shape"):
        check_inputs(spec, np.ones((2, 4, 2)), "layer")


def test_each_of_several_inputs_has_its_own():
    specs = [InputSpec(ndim=1), None, InputSpec(ndim=2, optional=True)]
    check_inputs(specs, [np.ones(1), "anything", None], "layer")
    with pytest.raises(ValueError, match="expects 3 inputs; received 2"):
        check_inputs(specs, [np.ones(1), np.ones(1)], "layer")
    with pytest.raises(ValueError, match="input 0 is a NoneType"):
        check_inputs(specs, [None, None, None], "layer")


def test_inputs_in_a_dict_are_found_by_name():
    specs = [InputSpec(ndim=2, name="b"), InputSpec(ndim=1, name="a")]
    check_inputs(specs, {"a": np.ones(1), "b": np.ones((1, 1))}, "layer")
    with pytest.raises(ValueError, match=r"keys \['b', 'a'\].*without 'b'"):
        check_inputs(specs, {"a": np.ones(1)}, "layer")
    with pytest.raises(ValueError, match="incompatible with input 0 'b'"):
        check_inputs(specs, {"a": np.ones(1), "b": np.ones(1)}, "layer")


def test_wrong_specs():
    with pytest.raises(TypeError, match="axes must be a dict"):
        InputSpec(axes={"last": 3})
    with pytest.raises(ValueError, match="at most 2 axes have no axis 2"):
        InputSpec(ndim=2, axes={2: 3})


def test_a_spec_is_made_again_from_its_config():
    spec = InputSpec(dtype="float32", shape=(None, 3), axes={1: 3})
    again = InputSpec.from_config(spec.get_config())
    assert again.get_config() == spec.get_config()
    assert (
        repr(spec) == "InputSpec(dtype=float32, shape=(None, 3), ndim=2, axes={1: 3})"
    )
