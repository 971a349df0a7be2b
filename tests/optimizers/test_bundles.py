"""Small weights lie side by side while a formula is applied to them."""

import copy

import numpy as np
import pytest

from keratorch import Variable
from keratorch.optimizers import bundles
from keratorch.optimizers.bundles import Bundle, Bundles, share_memory


def slots(variables):
    return {"momentum": [Variable(np.full(v.shape, 7.0)) for v in variables]}


@pytest.fixture
def variables():
    return [Variable(np.full(s, float(i))) for i, s in enumerate([(2, 3), (), (4,)])]


def test_weights_are_gathered_and_scattered(variables):
    bundle = Bundle([0, 1, 2], [v._array for v in variables], slots(variables))
    bundle.gather_weights()
    np.testing.assert_array_equal(bundle.weight, [0] * 6 + [1] + [2] * 4)
    bundle.weight += 1
    bundle.scatter_weights()
    for i, variable in enumerate(variables):
        np.testing.assert_array_equal(variable.numpy(), np.full(variable.shape, i + 1))


def test_gradients_are_gathered_times_their_factor(variables):
    bundle = Bundle([4, 2, 9], [v._array for v in variables], {})
    gradients = {2: (np.array(3.0), 1.0), 9: (np.ones(4), 0.0)}
    gradients[4] = np.arange(6.0).reshape(3, 2).T, 2.0
    bundle.gather_gradients(gradients)
    expected = [0, 4, 8, 2, 6, 10, 3, 0, 0, 0, 0]
    np.testing.assert_array_equal(bundle.gradient, expected)
    assert bundle.gradient.dtype == np.float32


def test_slots_become_views_of_one_array_with_their_values(variables):
    rows = slots(variables)
    bundle = Bundle([0, 1, 2], [v._array for v in variables], rows)
    assert (bundle.slots["momentum"] == 7).all()
    bundle.slots["momentum"] += 1
    for variable, slot in zip(variables, rows["momentum"], strict=True):
        assert slot.shape == variable.shape
        assert (slot.numpy() == 8).all()


def no_slots(position):
    return {}


def made(variables, kinds="a" * 9, slots_of=no_slots):
    found = Bundles()
    found.renew(variables, kinds, kinds.__getitem__, slots_of)
    return found


def test_weights_of_one_kind_and_dtype_are_put_together(variables, monkeypatch):
    variables += [Variable(np.ones(3), dtype="float64") for _ in range(2)]
    variables += [Variable(np.ones(11)), Variable(np.ones(1))]
    monkeypatch.setattr(bundles, "SMALL", 10)
    found = made(variables, kinds="aabaaaa")
    assert [x.positions for x in found.bundles] == [[0, 1, 6], [3, 4]]
    assert found.others == [2, 5]


def test_a_bundle_is_no_larger_than_a_piece(variables, monkeypatch):
    monkeypatch.setattr(bundles, "PIECE", 8)
    found = made([*variables, Variable(np.ones(2)), Variable(np.ones(9))])
    assert [x.positions for x in found.bundles] == [[0, 1], [2, 3]]
    assert found.others == [4]


def test_a_slot_of_another_shape_keeps_a_weight_out(variables):
    rows = [{"row": Variable(np.ones(v.shape))} for v in variables]
    rows[0] = {"row": Variable(np.ones(2))}
    found = made(variables, slots_of=rows.__getitem__)
    assert [x.positions for x in found.bundles] == [[1, 2]]


def test_bundles_stay_until_a_weight_or_the_settings_are_others(variables):
    found = made(variables, "aaa")
    (first,) = found.bundles
    found.renew(variables, "aaa", "aaa".__getitem__, no_slots)
    assert found.bundles[0] is first
    variables[0]._array = variables[0]._array.copy()
    found.renew(variables, "aaa", "aaa".__getitem__, no_slots)
    assert found.bundles[0] is not first
    found.renew(variables, "abc", "abc".__getitem__, no_slots)
    assert not found.bundles


def test_weights_that_share_memory_are_in_no_bundle(variables):
    variables.append(Variable(1.0))
    variables[-1]._array = variables[0]._array[0]
    found = made(variables)
    assert found.share_memory
    assert not found.bundles
    assert found.others == [0, 1, 2, 3]


def test_memory_is_shared_where_spans_meet():
    x = np.zeros((4, 6))
    assert not share_memory([x[:2], x[2:]])
    assert share_memory([x[:3], x[2:]])
    assert not share_memory([x[1::-1], x[:1:-1]])
    assert share_memory([x[::-1], x[0, :1]])
    assert not share_memory([x, x[:0], np.zeros((4, 6))])
    assert not share_memory([])


def test_a_copy_is_empty(variables):
    assert not copy.deepcopy(made(variables)).bundles
