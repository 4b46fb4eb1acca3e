"""Who owns an array: nothing that is returned is shared, nothing that was given is changed."""

import numpy as np

from fgrad import (
    grad,
    hessian,
    jacobian,
    jvp,
    make_jvp,
    value_and_grad,
    vjp,
)


def test_the_callers_arrays_are_never_modified():
    x = np.array([1.0, 2.0, 3.0])
    kept = x.copy()
    tangent = np.ones(3)
    for function in (
        lambda x: np.sum(x),
        lambda x: np.sum(x + x + x),
        lambda x: x[0] + x[1] * x[0] + np.sum(x[1:]),
        lambda x: np.sum(x * x + x[::-1]),
    ):
        hessian(function)(x)
        pullback = vjp(lambda x: function(x) * x + x, x)[1]
        pullback(tangent)
        pullback(tangent)
        jvp(function, (x,), (tangent,))
    np.testing.assert_array_equal(x, kept)
    np.testing.assert_array_equal(tangent, np.ones(3))


def test_results_share_no_memory_with_each_other_or_with_what_was_given():
    x, y, g = np.ones(3), np.ones(3), np.ones(3)
    cases = [
        vjp(lambda x, y: x + y, x, y)[1](g),
        vjp(lambda x, y: (x, x[::-1], y), x, y)[1]((g, g, g)),
        vjp(lambda x, y: x, x, y)[1](g),
        vjp(lambda x, y: (x, x[:], y), x, y)[0],
        *jvp(lambda x, y: (x, x[:], x + y, y), (x, y), (g, g)),
        jvp(lambda x, y: (x, x), (x, y), (g, g))[1],
        grad(lambda p: np.sum(p[0] + p[1] + p[2]))([x, x, y]),
        grad(lambda x, y: np.sum(x), (0, 1))(x, y),
        jacobian(lambda x, y: x + y, (0, 1))(x, y),
        [value_and_grad(lambda x: np.sum(np.reshape(x, (3, 1))))(x)[1]],
    ]
    for results in cases:
        arrays = [x, y, g, *results]
        for i, one in enumerate(arrays):
            assert one.flags.writeable
            assert not any(np.shares_memory(one, other) for other in arrays[:i] if other is not one)
        assert len({id(array) for array in results}) == len(results)


def test_a_pushforward_is_right_after_the_caller_has_changed_the_argument():
    x = np.array([0.0, 1.0])
    push = make_jvp(np.square)(x)
    x += 7.0
    np.testing.assert_array_equal(push(np.ones(2))[1], [0.0, 2.0])
