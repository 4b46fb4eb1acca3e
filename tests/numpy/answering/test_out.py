"""``out=``, for every function of NumPy's that has it: the value is NumPy's, and so is the derivative."""

import inspect

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad, jvp
from fgrad.numpy.classification import NAMESPACES, classify, functions
from tests.numpy.answering.out_calls import (
    FORGETFUL,
    MOVING,
    TABLE,
    X,
    call_of,
    into_new,
    loss,
    numerical_gradient,
    room,
    seen,
)
from tests.oracles import numerical_derivative

#: NumPy 2.5 warns of its own function.
pytestmark = pytest.mark.filterwarnings("ignore:numpy.fix is deprecated:DeprecationWarning")

T = np.cos(np.arange(12.0)).reshape(3, 4)

#: Signatures that NumPy does not tell before 2.4.
_UNTOLD = {np.dot: lambda a, b, out=None: None, np.concatenate: lambda arrays, /, axis=0, out=None: None}


def has_out(function):
    """Say whether a function has ``out=``, by its signature or what its documentation begins with."""
    if isinstance(function, np.ufunc):
        return function.signature is not None  # elementwise functions have their own tests
    try:
        return "out" in inspect.signature(function).parameters
    except ValueError:  # of functions in C, before NumPy 2.4
        return "out=" in function.__doc__.split("\n\n")[0]


def signature_of(function):
    return inspect.signature(_UNTOLD.get(function, function))


def test_the_table_has_every_function():
    found = {
        (module, name)
        for module in NAMESPACES
        for name in functions(module)
        if classify(module, name) != "refused" and has_out(getattr(NAMESPACES[module], name))
    }
    assert found == {case[:2] for case in TABLE}


@pytest.mark.parametrize("case", TABLE, ids=str)
@pytest.mark.parametrize("namespace", [np, fnp])
def test_the_value_is_numpys(namespace, case):
    call = call_of(*case)
    like = room(call)
    expected = call(np, X, out=like.copy())
    value = seen(lambda x: into_new(namespace, call, x, like))
    assert value.dtype == like.dtype
    np.testing.assert_allclose(value, expected, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("case", TABLE, ids=str)
@pytest.mark.parametrize("namespace", [np, fnp])
def test_the_derivative_is_that_of_the_values(namespace, case):
    call = call_of(*case)
    like = room(call)

    def program(x):
        return loss(into_new(namespace, call, x, like))

    expected = numerical_gradient(lambda x: loss(call(np, x, out=like.copy())), X)
    np.testing.assert_allclose(grad(program)(X), expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(jvp(program, (X,), (T,))[1], np.sum(expected * T), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("case", MOVING, ids=str)
def test_the_second_derivative_is_that_of_the_first(case):
    call = call_of(*case)
    like = room(call)

    def program(x):
        return loss(into_new(np, call, x, like))

    gradient = grad(program)
    expected = numerical_derivative(lambda arrays: gradient(arrays[0]), [X], np.ravel(T))
    for found in (
        jvp(gradient, (X,), (T,))[1],
        grad(lambda x: np.sum(gradient(x) * T))(X),
        grad(lambda x: jvp(program, (x,), (T,))[1])(X),
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-8)


def positional(module, name):
    """Return the arguments of the first call of a function up to ``out``, and those by keyword after it."""
    recorded = []

    class Recorder:
        def __init__(self, namespace, path):
            self.namespace, self.path = namespace, path

        def __getattr__(self, attribute):
            if (self.path, attribute) == (module, name):
                return lambda *args, **kwargs: recorded.append((args, kwargs))
            value = getattr(self.namespace, attribute)
            return Recorder(value, f"{self.path}.{attribute}") if inspect.ismodule(value) else value

    call_of(module, name, 0)(Recorder(np, "numpy"), X)
    ((args, kwargs),) = recorded
    function = getattr(NAMESPACES[module], name)
    if isinstance(function, np.ufunc):
        return args, kwargs
    parameters = list(signature_of(function).parameters.values())
    place = [parameter.name for parameter in parameters].index("out")
    given = dict(zip([parameter.name for parameter in parameters], args, strict=False)) | kwargs
    before = [given.pop(parameter.name, parameter.default) for parameter in parameters[:place]]
    return before, given


def out_is_positional(module, name):
    function = getattr(NAMESPACES[module], name)
    return isinstance(function, np.ufunc) or (
        signature_of(function).parameters["out"].kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    )


@pytest.mark.parametrize(
    "name", [case[:2] for case in TABLE if case[2] == 0 and out_is_positional(*case[:2])], ids=str
)
def test_it_may_be_positional_where_it_is_in_numpy(name):
    like = room(call_of(*name, 0))
    args, kwargs = positional(*name)
    function = getattr(NAMESPACES[name[0]], name[1])

    def program(x):
        out = fnp.full(like.shape, 7, like.dtype)
        boxed = [x if arg is X else arg for arg in args]
        assert function(*boxed, out, **kwargs) is out
        return out

    np.testing.assert_array_equal(seen(program), seen(lambda x: into_new(np, call_of(*name, 0), x, like)))


# what NumPy takes as out=


def numpys(call, x, like):
    """Return what NumPy does, an array or an error."""
    try:
        return call(np, x, out=like.copy())
    except (TypeError, ValueError, IndexError) as error:
        return error


def refused_like(error):
    """Return the kind of error to expect: NumPy's own errors of ufuncs have private types."""
    return next(kind for kind in (TypeError, ValueError, IndexError) if isinstance(error, kind))


@pytest.mark.parametrize("case", TABLE, ids=str)
@pytest.mark.parametrize("precision", [4, 8])
def test_another_precision_is_taken_or_refused_as_in_numpy(case, precision):
    call = call_of(*case)
    x = X.astype(f"f{12 - precision}")
    is_complex = np.iscomplexobj(call(np, x))
    like = room(call, f"c{2 * precision}" if is_complex else f"f{precision}")
    expected = numpys(call, x, like)
    if isinstance(expected, Exception):
        with pytest.raises(refused_like(expected)):
            grad(lambda x: np.sum(into_new(np, call, x, like)))(x)
        return
    value = seen(lambda x: into_new(np, call, x, like), x)
    assert value.dtype == like.dtype
    np.testing.assert_allclose(value, expected, rtol=3e-6, atol=1e-6)
    slope = grad(lambda x: loss(into_new(np, call, x, like)))(x)
    assert slope.dtype == x.dtype
    np.testing.assert_allclose(slope, grad(lambda x: loss(call(np, x)))(X), rtol=3e-5, atol=3e-5)


@pytest.mark.parametrize("case", MOVING, ids=str)
def test_an_array_of_integers_does_not_hold_what_moves(case):
    """NumPy itself writes into them in some of its functions, by old custom."""
    call = call_of(*case)
    with pytest.raises((TypeError, ValueError)):
        grad(lambda x: np.sum(into_new(np, call, x, room(call, int))))(X)


@pytest.mark.parametrize("case", [case for case in TABLE if case[1] not in FORGETFUL], ids=str)
@pytest.mark.parametrize("widen", [lambda shape: (2, *shape), lambda shape: (1, *shape), lambda shape: (7,)])
def test_another_shape_is_taken_or_refused_as_in_numpy(case, widen):
    call = call_of(*case)
    like = room(call)
    like = np.full(widen(like.shape), 7, like.dtype)
    expected = numpys(call, X, like)
    if isinstance(expected, Exception):
        with pytest.raises(refused_like(expected)):
            grad(lambda x: np.sum(into_new(np, call, x, like)))(X)
        return
    np.testing.assert_allclose(seen(lambda x: into_new(np, call, x, like)), expected, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize(
    "function", [np.sum, np.cumsum, np.nansum, np.mean, np.add.reduce, np.add.accumulate]
)
def test_sums_are_taken_in_the_precision_of_the_array_that_holds_them(function):
    """In float16 they would overflow."""
    x = np.full(3000, 30, "float16")
    like = np.zeros(3000 if function in (np.cumsum, np.add.accumulate) else (), "float32")
    expected = function(x, out=like.copy())
    assert np.all(np.isfinite(expected))
    np.testing.assert_array_equal(
        seen(lambda x: function(x, out=fnp.zeros(like.shape, like.dtype)), x), expected
    )
