"""What the samples of shapes cannot state: names, memory, sequences, errors."""

import numpy as np
import pytest

from keratorch import GradArray


def array(*shape, **options):
    values = np.arange(np.prod(shape, dtype=int), dtype=float)
    return GradArray(values.reshape(shape), **options)


def test_name_is_dot_t_only_where_all_axes_are_reversed():
    x = array(2, 3, 4, name="x")
    assert x.T.name == "x.T"
    assert np.transpose(x, (2, 1, 0)).name == "x.T"
    assert np.transpose(x, (-1, 1, -3)).name == "x.T"
    assert x.transpose(1, 0, 2).name == "transpose(x)"
    assert (x.transpose(0, 2, 1) + 1).name == "transpose(x) + 1"


def test_names_that_numpy_2_added_are_differentiable():
    x = array(2, 3)
    for name in ("permute_dims", "matrix_transpose", "concat"):
        function = getattr(np, name, None)
        if function is not None:
            x.grad = None
            y = function((x, x) if name == "concat" else x)
            (y * y).sum().backward()
            copies = 2 if name == "concat" else 1
            np.testing.assert_array_equal(x.grad, copies * 2 * x.numpy())


def test_reshape_refuses_an_order_that_depends_on_the_memory():
    with pytest.raises(ValueError, match=r"order must be .*np\.ravel"):
        np.reshape(array(2, 3), 6, order="K")


def test_order_k_of_a_broadcast_array_is_an_error():
    with pytest.raises(ValueError, match="broadcast"):
        np.ravel(np.broadcast_to(array(3), (2, 3)), order="K")


@pytest.mark.skipif(
    np.lib.NumpyVersion(np.__version__) < "2.1.0", reason="copy= is younger"
)
def test_reshape_copies_as_told():
    x = array(2, 3)
    assert np.shares_memory(np.reshape(x, 6, copy=False).numpy(), x.numpy())
    assert not np.shares_memory(np.reshape(x, 6, copy=True).numpy(), x.numpy())
    with pytest.raises(ValueError, match="copy"):
        np.reshape(x.T, 6, copy=False)


@pytest.mark.parametrize("order", ["C", "F", "A", "K"])
def test_flatten_shares_no_memory(order):
    x = array(2, 3)
    for y in (x.flatten(order), x.T.flatten(order)):
        assert not np.shares_memory(y.numpy(), x.numpy())


@pytest.mark.parametrize(
    "function",
    [np.broadcast_arrays, np.atleast_1d, np.atleast_2d, np.atleast_3d, np.meshgrid],
)
def test_several_results_come_in_the_sequence_that_numpy_returns(function):
    x = array(3)
    assert type(function(x, x)) is type(function(x.numpy(), x.numpy()))


def test_array_that_has_enough_axes_stays_itself():
    x = array(2, 3)
    assert np.atleast_2d(x) is x
    assert np.broadcast_arrays(x, array(3))[0] is x


def test_list_of_arrays_beside_an_array_becomes_one():
    a, b = GradArray(2.0), array(2)
    nested, row = np.broadcast_arrays([[a, a], [a, 1.0]], b)
    assert nested.shape == row.shape == (2, 2)
    nested.sum().backward()
    assert a.grad == 3


def test_grids_are_copies_unless_told():
    x = array(3)
    for copy in (True, False):
        for y in np.meshgrid(x, x, copy=copy):
            assert np.shares_memory(x.numpy(), y.numpy()) is not copy


def test_unknown_indexing_of_a_grid_is_an_error():
    with pytest.raises(ValueError, match="'xy' or 'ij'"):
        np.meshgrid(array(2), array(3), indexing="ji")


def test_start_of_rollaxis_out_of_range_is_an_error():
    with pytest.raises(ValueError, match="between -2 and 2"):
        np.rollaxis(array(2, 3), 0, 3)


@pytest.mark.parametrize(
    "make",
    [
        lambda x: np.array([x, x]),
        lambda x: np.array([x.sum(), x.sum()]),
        lambda x: np.array([[x.sum(), 1.0], [2.0, 3.0]]),
        lambda x: np.array([1.0, x.sum()], dtype=object),
        lambda x: np.asarray(x),
        lambda x: np.ascontiguousarray(x),
        lambda x: np.require(x),
        lambda x: np.full((2, 2), x.sum()),
        lambda x: np.lib.stride_tricks.as_strided(x, (2,)),
    ],
)
def test_numpy_functions_that_see_only_values_do_not_lose_a_gradient_silently(make):
    with pytest.raises(TypeError, match=r"gradient would be lost.*np\.stack"):
        make(array(2, 3))


def test_numpy_reads_arrays_that_want_no_gradient():
    x = array(2, requires_grad=False)
    np.testing.assert_array_equal(np.array([x, x]), [[0.0, 1.0], [0.0, 1.0]])


def test_arrays_like_another_are_plain():
    x = array(2, 3)
    for made in (np.zeros_like(x), np.ones_like(x), np.full_like(x, 7.0)):
        assert type(made) is np.ndarray
    np.testing.assert_array_equal(np.full_like(x, 7, dtype=np.int8), np.full((2, 3), 7))
    assert np.full_like(x, 7, shape=(4,)).shape == (4,)


def test_array_filled_with_a_recorded_value_keeps_its_gradient():
    value = GradArray(2.0)
    filled = np.full_like(array(2, 3), value)
    (filled * array(2, 3)).sum().backward()
    assert value.grad == 15


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_array_filled_with_a_recorded_value_has_the_dtype_asked_for(dtype):
    value = GradArray(2.0)
    filled = np.full_like(array(2, 3), value, dtype=dtype)
    assert filled.dtype == dtype
    filled.sum().backward()
    assert value.grad == 6


@pytest.mark.skipif(
    np.lib.NumpyVersion(np.__version__) < "2.0.0", reason="device= is younger"
)
def test_array_like_another_is_on_the_cpu():
    assert np.full_like(array(2), GradArray(2.0), device="cpu").shape == (2,)
    with pytest.raises(ValueError, match="gpu"):
        np.full_like(array(2), GradArray(2.0), device="gpu")


def test_integers_do_not_take_a_recorded_value():
    with pytest.raises(TypeError, match="lose their gradient"):
        np.full_like(GradArray(np.arange(3)), GradArray(2.0))
    with pytest.raises(TypeError):  # NumPy asks no GradArray here, but copies into it
        np.full_like(np.zeros(3), GradArray(2.0))


def test_array_is_a_copy_and_asarray_is_the_array_itself():
    x = array(2, 3)
    assert not np.shares_memory(np.array(x, like=x).numpy(), x.numpy())
    assert np.array(x, copy=False, like=x) is x
    assert np.asarray(x, like=x) is x
    assert np.array(x, order="F", like=x).numpy().flags.f_contiguous


@pytest.mark.skipif(
    np.lib.NumpyVersion(np.__version__) < "2.0.0", reason="copy= is younger"
)
def test_asarray_copies_as_told():
    x = array(2, 3)
    y = np.asarray(x, order="F", copy=True, like=x).numpy()
    assert y.flags.f_contiguous
    assert not np.shares_memory(y, x.numpy())


def test_entries_of_different_shapes_are_named():
    x = array(3)
    with pytest.raises(ValueError, match=r"shapes \(3,\), \(\)\. .*np\.concatenate"):
        np.array([x, x[0], 1.0], like=x)
    with pytest.raises(ValueError, match=r"\(2,\), \(3,\), \.\.\."):
        np.array([np.ones(i) for i in range(6)] + [x], like=x)


def test_full_array_has_memory_of_its_own():
    x = array(3)
    y = np.full((2, 3), x, order="F", like=x).numpy()
    assert y.flags.f_contiguous
    assert y.flags.writeable
    assert not np.shares_memory(y, x.numpy())
