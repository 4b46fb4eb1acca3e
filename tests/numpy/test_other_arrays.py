"""Arrays of other libraries take part as NumPy's protocols say: they may hold boxes, and are asked first."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad

X = np.array([0.1, 0.2, 0.3])


class Labelled(np.lib.mixins.NDArrayOperatorsMixin):
    """An array with a label, in the manner of xarray: it wraps what NumPy makes of its data."""

    def __init__(self, data, label):
        self.data, self.label = data, label

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        plain = [x.data if isinstance(x, Labelled) else x for x in inputs]
        return Labelled(getattr(ufunc, method)(*plain, **kwargs), self.label)

    def __array_function__(self, function, types, args, kwargs):
        assert function is np.sum
        return np.sum(args[0].data)


CONSTANT = Labelled(np.array([1.0, 2.0, 3.0]), "constant")

USES = {
    "an operator of the box": lambda x: x * CONSTANT,
    "an operator of the other": lambda x: CONSTANT * x,
    "a ufunc": lambda x: np.multiply(x, CONSTANT),
    "a ufunc of fgrad.numpy": lambda x: fnp.multiply(x, CONSTANT),
    "a box inside": lambda x: Labelled(x, "traced") * CONSTANT,
}


@pytest.mark.parametrize("use", USES)
def test_the_other_type_is_asked_and_holds_the_box(use):
    def function(x):
        result = USES[use](x)
        assert type(result) is Labelled
        return np.sum(result)

    np.testing.assert_array_equal(grad(function)(X), [1.0, 2.0, 3.0])


def test_functions_defer_too():
    class Other:
        def __array_function__(self, function, types, args, kwargs):
            return "asked"

    seen = []
    grad(lambda x: seen.append(np.concatenate([x, Other()])) or 1.0)(X)
    assert seen == ["asked"]


def test_a_type_that_takes_no_part_in_ufuncs_refuses():
    class Refusing:
        __array_ufunc__ = None

    with pytest.raises(TypeError, match="unsupported operand"):
        grad(lambda x: x * Refusing())(X)
