import gc
import weakref

import numpy as np

import fgrad.numpy as fnp
from fgrad.core.views import rebind, root_of, write
from fgrad.modes.reverse import ReverseTrace


def traced(value):
    return ReverseTrace("a test").root(value)


def test_a_slice_is_a_view_and_an_element_is_not():
    x = traced(np.arange(4.0))
    assert x[1:].origin[0] is x
    assert not hasattr(x[1], "origin")
    assert not hasattr(x[[0, 1]], "origin")
    assert not hasattr(x * 1, "origin")


def test_a_copy_in_another_order_is_no_view():
    x = traced(np.ones((2, 3)))
    assert hasattr(x.reshape(-1), "origin")
    transposed = x.T
    assert not hasattr(transposed.reshape(-1), "origin")
    assert not hasattr(transposed.flatten(), "origin")


def test_the_root_of_a_view_of_a_view_is_the_array():
    x = traced(np.ones((2, 3)))
    assert root_of(x[1:].T[0]) is x
    assert root_of(x) is x


def test_writing_makes_the_views_anew():
    trace = ReverseTrace("a test")
    x = trace.root(np.zeros((2, 2)))
    row, column = x[0], x.T[1]
    write(row, trace.root(np.array([1.0, 2.0])))
    assert x.value.tolist() == [[1, 2], [0, 0]]
    assert row.value.tolist() == [1, 2]
    assert column.value.tolist() == [2, 0]


def test_an_array_does_not_keep_its_views():
    gc.disable()
    try:
        x = traced(np.ones(3))
        view = x[1:]
        alive = weakref.ref(view)
        del view
        assert alive() is None
        write(x, fnp.exp(x))
        assert x.views == []
    finally:
        gc.enable()


def test_rebinding_leaves_the_old_value_alone():
    trace = ReverseTrace("a test")
    x = trace.root(np.ones(2))
    old = x.value
    rebind(x, x + 1.0)
    assert old.tolist() == [1, 1]
    assert x.value.tolist() == [2, 2]
