"""Rematerialisation: the same values and derivatives, less memory, and nothing lost."""

import tracemalloc

import numpy as np
import pytest

from fgrad import (
    InputError,
    LeakedBoxError,
    checkpoint,
    custom_vjp,
    defvjp,
    derivatives,
    grad,
    hessian,
    hvp,
    jacfwd,
    jacrev,
    jvp,
    primitive,
    value_and_grad,
    vjp,
    vmap,
)
from tests.transforms.differences import directional, jacobian_of

X = np.array([0.3, -0.7, 1.2])


def counted():
    """Return a primitive cube that knows how often it was computed."""
    calls = []

    @primitive
    def cube(x):
        calls.append(1)
        return x**3

    defvjp(cube, lambda ans, x: lambda g: g * 3 * x**2)
    return cube, calls


def twist(x):
    return np.tanh(np.outer(x, np.sin(x)) @ x) * x[0]


def test_the_values_and_derivatives_of_orders_one_and_two_are_those_of_the_function():
    loss = lambda x: np.sum(twist(x) ** 2)  # noqa: E731
    kept_little = checkpoint(loss)
    np.testing.assert_array_equal(checkpoint(twist)(X), twist(X))
    gradient = jacobian_of(loss, X)
    value, found = value_and_grad(kept_little)(X)
    assert value == loss(X)
    np.testing.assert_allclose(found, gradient, rtol=1e-8)
    np.testing.assert_allclose(jvp(kept_little, (X,), (np.ones(3),))[1], gradient.sum(), rtol=1e-8)
    curvature = jacobian_of(grad(loss), X)
    for second in (
        hessian,
        lambda f: jacfwd(jacrev(f)),
        lambda f: jacrev(jacfwd(f)),
        lambda f: jacfwd(jacfwd(f)),
    ):
        np.testing.assert_allclose(second(kept_little)(X), curvature, rtol=1e-8, atol=1e-8)
    third = jacobian_of(hessian(loss), X)
    np.testing.assert_allclose(jacrev(hessian(kept_little))(X), third, rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(jacfwd(hessian(kept_little))(X), third, rtol=1e-7, atol=1e-7)


def test_the_function_itself_runs_once_and_its_operations_twice():
    cube, calls = counted()
    runs = []

    @checkpoint
    def function(x):
        runs.append(1)
        return np.sin(cube(x))

    grad(lambda x: function(x) ** 2)(0.5)
    assert (len(runs), len(calls)) == (1, 2)


def test_without_a_transform_it_is_the_function_itself():
    seen = []
    checkpoint(lambda x, n: seen.append((x, n)))(X, n="any")
    assert seen[0][0] is X
    assert seen[0][1] == "any"


def deep(layer):
    def loss(x):
        for _ in range(8):
            x = layer(x)
        return np.sum(x)

    return loss


def layer(x):
    for _ in range(16):
        x = np.tanh(np.sin(x) + 1.0)
    return x


def peak(function, *args):
    """Return the most memory that a call took, in arrays of the size of the first argument."""
    function(*args)
    tracemalloc.start()
    function(*args)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / args[0].nbytes


@pytest.mark.parametrize(
    ("derivative", "bound"),
    [
        (grad, 0.25),
        (lambda f: lambda x: vjp(f, x)[1](1.0), 0.25),
        (lambda f: lambda x: hvp(f)(x, x), 0.35),
        (lambda f: lambda x: grad(lambda x: jvp(f, (x,), (x,))[1])(x), 0.35),
        (lambda f: lambda x: grad(lambda x: np.sum(grad(f)(x)))(x), 0.35),
        (lambda f: lambda xs: grad(lambda xs: np.sum(vmap(f)(xs)))(np.stack([xs, xs])), 0.25),
    ],
    ids=["grad", "vjp", "hvp", "reverse over forward", "reverse over reverse", "vmap"],
)
def test_it_takes_a_fraction_of_the_memory_in_every_combination(derivative, bound):
    # Eight layers of sixteen steps: eight arrays that are kept, and one layer's at a time.
    x = np.random.default_rng(0).normal(size=20_000)
    everything = peak(derivative(deep(layer)), x)
    little = peak(derivative(deep(checkpoint(layer))), x)
    assert little < bound * everything


def test_checkpoints_nest_and_a_nested_one_takes_less_still():
    x = np.random.default_rng(0).normal(size=20_000)
    inner = checkpoint(lambda x: layer(layer(x)))

    def outer(x):
        for _ in range(4):
            x = inner(x)
        return np.sum(x)

    flat = checkpoint(lambda x: np.sum(layer(layer(layer(layer(layer(layer(layer(layer(x))))))))))
    nested = checkpoint(outer)
    np.testing.assert_allclose(grad(nested)(x), grad(deep(layer))(x), rtol=1e-12)
    np.testing.assert_allclose(
        jvp(grad(nested), (x,), (x,))[1], jvp(grad(deep(layer)), (x,), (x,))[1], rtol=1e-10
    )
    assert peak(grad(nested), x) < 0.5 * peak(grad(flat), x)


# containers, keywords, other things


def test_containers_and_keywords_go_through():
    @checkpoint
    def model(p, *, scale, name):
        assert name == "any"
        return {"out": np.sin(p["w"]) * scale, "rest": [p["b"] * 2, None, "text", 3]}

    def loss(p, scale):
        found = model(p, scale=scale, name="any")
        assert found["rest"][1:] == [None, "text", 3]
        return np.sum(found["out"]) * found["rest"][0]

    gradient, by_scale = grad(loss, (0, 1))({"w": X, "b": 5.0}, 2.0)
    np.testing.assert_allclose(gradient["w"], np.cos(X) * 2.0 * 10.0, rtol=1e-14)
    assert gradient["b"] == pytest.approx(2 * np.sum(np.sin(X)) * 2.0, rel=1e-14)
    assert by_scale == pytest.approx(np.sum(np.sin(X)) * 10.0, rel=1e-14)


def test_the_same_value_as_two_arguments_counts_twice():
    assert grad(lambda x: checkpoint(lambda a, b: a * a * b)(x, x))(2.0) == 12.0


def test_complex_and_small_dtypes_are_kept():
    z = np.array([0.3 + 0.4j, 1.0 - 0.2j])
    function = lambda z: np.sum(np.abs(np.exp(z) * z[0]) ** 2)  # noqa: E731
    np.testing.assert_allclose(grad(checkpoint(function))(z), grad(function)(z), rtol=1e-14)
    assert grad(checkpoint(lambda x: np.sum(np.sin(x))))(np.ones(2, np.float32)).dtype == np.float32


def test_a_function_with_a_rule_of_its_own_is_run_again_by_its_rule():
    @custom_vjp
    def clipped(x):
        return x * 3.0

    clipped.defvjp(lambda x: (clipped(x), None), lambda residuals, g: (np.clip(g, -1.0, 1.0),))
    np.testing.assert_array_equal(
        grad(checkpoint(lambda x: np.sum(clipped(x) * np.array([0.5, 2.0, -3.0]))))(X), [0.5, 1.0, -1.0]
    )


def test_a_method_and_a_decorated_function_can_be_checkpointed():
    class Model:
        factor = 3.0

        @checkpoint
        def run(self, x):
            """Scale."""
            return x * x * self.factor

    assert grad(Model().run)(2.0) == 12.0
    assert Model.run.__doc__ == "Scale."
    assert Model.run.__name__ == "run"


def test_under_vmap_each_example_has_its_own_derivative():
    xs = np.stack([X, 2 * X, -X])
    function = lambda x: np.sum(twist(x))  # noqa: E731
    expected = np.stack([jacobian_of(function, x) for x in xs])
    np.testing.assert_allclose(vmap(grad(checkpoint(function)))(xs), expected, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(
        grad(lambda xs: np.sum(vmap(checkpoint(function))(xs)))(xs), expected, rtol=1e-8, atol=1e-8
    )
    np.testing.assert_allclose(
        vmap(lambda x: jvp(checkpoint(function), (x,), (X,))[1])(xs), expected @ X, rtol=1e-8, atol=1e-8
    )
    shared = grad(lambda w: np.sum(vmap(checkpoint(lambda x: np.tanh(w * x)))(xs)))(0.5)
    assert shared == pytest.approx(directional(lambda w: np.sum(np.tanh(w * xs)), 0.5, 1.0), rel=1e-9)


def test_an_exception_inside_leaves_nothing_wrong():
    @checkpoint
    def failing(x):
        if x > 1:
            raise ZeroDivisionError
        return x * x

    with pytest.raises(ZeroDivisionError):
        grad(failing)(2.0)
    assert grad(failing)(0.5) == 1.0


def test_a_value_that_is_kept_beyond_the_function_is_refused():
    kept = []

    def loss(x):
        y = checkpoint(lambda x: kept.append(x * x) or x)(x)
        return y * kept[0]

    with pytest.raises(LeakedBoxError, match="traced value of checkpoint, which has already returned"):
        grad(loss)(2.0)


def test_what_cannot_be_called_is_refused():
    with pytest.raises(InputError, match="checkpoint takes a function; got float"):
        checkpoint(3.0)


def test_power_series_of_it_are_differentiated_without_running_away():
    """By the equation of the JVP, each order would cost three times as much as the one before."""
    runs = []

    @primitive
    def exponential(x):
        runs.append(1)
        return np.exp(x)

    defvjp(exponential, lambda ans, x: lambda g: g * ans)
    function = checkpoint(lambda x: np.sin(x) * exponential(2 * x))

    def order(k):
        runs.clear()
        found = grad(lambda x: derivatives(function, k)(x)[k])(0.3)
        # The derivative of order n of sin(x) exp(2 x) is the imaginary part of (2 + i)^n exp((2 + i) x).
        expected = np.imag((2 + 1j) ** (k + 1) * np.exp((2 + 1j) * 0.3))
        assert found == pytest.approx(expected, rel=1e-12)
        return len(runs)

    assert order(8) < 10 * order(4)
    np.testing.assert_allclose(
        derivatives(grad(function), 3)(0.3),
        [np.imag((2 + 1j) ** n * np.exp(0.6 + 0.3j)) for n in range(1, 5)],
    )


def test_power_series_of_several_results_are_right_too():
    function = checkpoint(lambda x: (np.sin(x), [x * np.exp(x)]))

    def third(x):
        found = derivatives(function, 3)(x)
        return found[0][3] + found[1][0][3]

    # -cos x, and (x + 3) exp x
    assert third(0.3) == pytest.approx(-np.cos(0.3) + 3.3 * np.exp(0.3), rel=1e-13)
    assert grad(third)(0.3) == pytest.approx(np.sin(0.3) + 4.3 * np.exp(0.3), rel=1e-13)
