"""What ``out=`` may be: an array made inside, a view, an argument; not a plain array for what moves."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import LeakedBoxError, MissingRuleError, grad
from fgrad.core.box import bottom
from fgrad.core.registry import IMPLEMENTATIONS
from fgrad.numpy.classification import functions
from tests.numpy.answering.out_calls import (
    MOVING,
    STILL,
    TABLE,
    X,
    call_of,
    into_new,
    loss,
    numerical_gradient,
    room,
    seen,
)

#: NumPy 2.5 warns of its own function.
pytestmark = pytest.mark.filterwarnings("ignore:numpy.fix is deprecated:DeprecationWarning")

ELEMENTWISE = [
    name
    for name in functions("numpy")
    if isinstance(ufunc := getattr(np, name), np.ufunc)
    and ufunc.signature is None
    and ufunc.nout == 1
    and ufunc in IMPLEMENTATIONS
    and any(types.startswith("d" * ufunc.nin + "->") for types in ufunc.types)
]


@pytest.mark.parametrize("case", MOVING, ids=str)
@pytest.mark.parametrize("namespace", [np, fnp])
def test_a_plain_array_is_refused_with_the_cure_and_left_alone(namespace, case):
    call = call_of(*case)
    out = room(call)
    with pytest.raises(MissingRuleError, match=r"array that NumPy holds.* np\.zeros of fgrad\.numpy"):
        grad(lambda x: np.sum(call(namespace, x, out=out)))(X)
    assert np.all(out == 7)


@pytest.mark.parametrize("case", STILL, ids=str)
@pytest.mark.parametrize("namespace", [np, fnp])
def test_a_plain_array_holds_what_does_not_move(namespace, case):
    call = call_of(*case)
    out = room(call)
    kept = []
    grad(lambda x: kept.append(call(namespace, x, out=out)) or np.sum(x))(X)
    assert kept[0] is out
    np.testing.assert_array_equal(out, call(np, X))


@pytest.mark.parametrize("case", TABLE, ids=str)
@pytest.mark.parametrize("namespace", [np, fnp])
def test_a_plain_result_takes_the_place_of_what_moved(namespace, case):
    call = call_of(*case)
    like = room(call)

    expected = call(np, X, out=like.copy())

    def program(x):
        new = into_new(namespace, call, X, like)
        np.testing.assert_array_equal(bottom(new), expected)
        if like.dtype.kind not in "fc":  # then nothing moved
            return loss(new)
        out = fnp.ones(like.shape, like.dtype)
        out *= x[0, 0]
        assert call(namespace, X, out=out) is out
        np.testing.assert_array_equal(bottom(out), expected)
        return loss(out)

    assert np.array_equal(grad(program)(X), np.zeros_like(X))


@pytest.mark.parametrize(
    ("program", "values"),
    [
        (lambda np, x: np.cumsum(x, axis=1, out=x), lambda x: np.cumsum(x, axis=1)),
        (lambda np, x: np.clip(x, -0.5, 0.5, out=x), lambda x: np.clip(x, -0.5, 0.5)),
        (lambda np, x: np.take(x, [2, 0, 1], axis=0, out=x), lambda x: x[[2, 0, 1]]),
        (lambda np, x: np.sum(x, axis=0, out=x[1]), lambda x: np.stack([x[0], x.sum(axis=0), x[2]])),
        (lambda np, x: np.matmul(x[:, :3], x, out=x), lambda x: x[:, :3] @ x),
    ],
)
@pytest.mark.parametrize("namespace", [np, fnp])
def test_it_may_be_one_of_the_arguments(namespace, program, values):
    def function(x):
        program(namespace, x)
        return loss(x)

    kept = X.copy()
    assert function(kept.copy()) == pytest.approx(loss(values(X)))
    np.testing.assert_allclose(
        grad(function)(kept), numerical_gradient(lambda x: loss(values(x)), X), rtol=1e-9
    )
    assert np.array_equal(kept, X)


@pytest.mark.parametrize(
    "view",
    [
        lambda a: a[1],
        lambda a: a[::2, 1],
        lambda a: a.T[0],
        lambda a: np.reshape(a, -1)[4:8],
        lambda a: a[:, 0],
    ],
)
def test_it_may_be_a_view(view):
    def program(namespace, x):
        whole = namespace.ones((4, 4))
        out = view(whole)
        np.prod(x[:, : out.shape[0]], axis=0, out=out)
        np.mean(x, axis=0, out=whole[3])
        return loss(whole) + np.sum(out)

    np.testing.assert_allclose(
        grad(lambda x: program(fnp, x))(X), numerical_gradient(lambda x: program(np, x), X), rtol=1e-9
    )


METHODS = {
    "sum": lambda x, out: x.sum(axis=0, out=out),
    "sum, positional": lambda x, out: x.sum(0, None, out),
    "prod": lambda x, out: x.prod(0, out=out),
    "mean": lambda x, out: x.mean(axis=0, out=out),
    "var": lambda x, out: x.var(axis=0, out=out, ddof=1),
    "std": lambda x, out: x.std(0, None, out),
    "max": lambda x, out: x.max(axis=0, out=out),
    "min": lambda x, out: x.min(0, out),
    "cumsum": lambda x, out: x[0].cumsum(out=out),
    "cumprod": lambda x, out: x[1].cumprod(0, None, out),
    "clip": lambda x, out: x[0].clip(-0.5, 0.5, out=out),
    "clip, one limit": lambda x, out: x[0].clip(-0.5, out=out),
    "clip, the other": lambda x, out: x[0].clip(max=0.5, out=out),
    "dot": lambda x, out: x[0].dot(np.diag(x[1]), out),
    "take": lambda x, out: x.take([1, 3, 5, 7], out=out),
    "compress": lambda x, out: x.compress([False, True, False], 0, out=out[None]),
    "trace": lambda x, out: x.trace(out=out[1:2].reshape(())),
    "round": lambda x, out: x[0].round(out=out),
    "round, positional": lambda x, out: x[0].round(1, out),
    "argmax": lambda x, out: x.argmax(0, out=out.astype(int)),
    "all": lambda x, out: x.all(axis=0, out=out),
    "any": lambda x, out: x.any(out=out, axis=0),
}


@pytest.mark.parametrize("name", METHODS)
def test_methods_take_it_too(name):
    def program(namespace, x):
        out = namespace.full(4, 2.0)
        METHODS[name](x, out)
        return loss(out)

    expected = numerical_gradient(lambda x: program(np, x), X)
    np.testing.assert_allclose(grad(lambda x: program(fnp, x))(X), expected, rtol=1e-9, atol=1e-9)


def test_the_selector_of_choose_may_be_an_array_made_inside():
    def program(namespace, x):
        out = namespace.zeros(4)
        selector = namespace.zeros(4, int)
        selector[1::2] = 1
        return loss(selector.choose(x[:2], out=out))

    np.testing.assert_allclose(
        grad(lambda x: program(fnp, x))(X), numerical_gradient(lambda x: program(np, x), X), rtol=1e-9
    )


def test_clip_leaves_what_where_leaves_out():
    chosen = np.array([True, False, True, False])

    def program(namespace, x, limited):
        out = namespace.ones((3, 4))
        out *= x**2
        np.clip(limited, -0.5, 0.5, out=out, where=chosen)
        return loss(out)

    for limited in (lambda x: x, lambda x: X):
        np.testing.assert_allclose(
            grad(lambda x, limited=limited: program(fnp, x, limited(x)))(X),
            numerical_gradient(lambda x, limited=limited: program(np, x, limited(x)), X),
            rtol=1e-9,
            atol=1e-9,
        )


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("namespace", [np, fnp])
def test_elementwise_functions_take_it(namespace, name):
    ufunc = getattr(np, name)
    x = np.abs(X[0]) * 0.6 + (1.1 if name in ("arccosh", "acosh") else 0.05)
    others = (x[::-1] + 0.02,) * (ufunc.nin - 1)
    like = np.zeros((2, 4), ufunc(x, *others).dtype)

    def program(namespace, new, x):
        out = new((2, 4), like.dtype)
        assert getattr(namespace, name)(x, *others, out=out) is out
        return loss(out)

    np.testing.assert_allclose(
        grad(lambda x: program(namespace, fnp.zeros, x))(x),
        numerical_gradient(lambda x: program(np, np.zeros, x), x),
        rtol=1e-8,
        atol=1e-8,
    )


def test_nothing_to_write_into_is_no_argument():
    for case in TABLE:
        call = call_of(*case)
        np.testing.assert_array_equal(
            seen(lambda x, call=call: call(np, x, out=None)), seen(lambda x, call=call: call(np, x))
        )


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda x: np.sum(x, axis=0, out=[0.0] * 4),
            TypeError,
            r"numpy\.sum: out= must be an array; got list",
        ),
        (lambda x: np.sum(x, out=x[0, 0]), TypeError, "does not support item assignment"),
        (lambda x: fnp.sum(x, None, None, fnp.zeros(()), out=fnp.zeros(())), TypeError, "multiple values"),
        (lambda x: np.sum(x, axis=0, out=np.broadcast_to(fnp.zeros(1), (4,))), ValueError, "read-only"),
        (lambda x: np.fft.fft(x, out=fnp.zeros((3, 4))), TypeError, "cannot write complex128"),
        (lambda x: fnp.vdot(x, x, out=fnp.zeros(())), MissingRuleError, "out= is not supported"),
        (lambda x: np.ones(3).mean(out=fnp.zeros(())) + x, MissingRuleError, r"Call numpy\.mean"),
        (lambda x: np.ones(3).std(out=fnp.zeros(())) + x, MissingRuleError, r"Call numpy\.mean"),
        (lambda x: np.add.reduce(x, out=fnp.zeros((2, 4))), ValueError, "of shape"),
    ],
)
def test_what_cannot_be_written_into_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        grad(lambda x: np.sum(call(x)))(X)


def test_a_leaked_array_is_refused():
    leaked = []
    grad(lambda x: leaked.append(x * 1) or np.sum(x))(X)
    with pytest.raises(LeakedBoxError):
        np.cumsum(X, axis=0, out=leaked[0])
