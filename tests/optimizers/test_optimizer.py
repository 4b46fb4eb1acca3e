import functools
from collections import namedtuple
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from fgrad import ArgumentError, grad
from fgrad.core.pytree import flatten
from fgrad.optimizers import SGD, Adam, AdamW, Momentum, Optimizer, RMSprop, State, adam, sgd

RULES = [SGD, Momentum, RMSprop, Adam, AdamW]
Pair = namedtuple("Pair", "left right")


@dataclass
class Layer:
    w: np.ndarray
    b: float


def container():
    return {
        "layers": [Layer(np.array([[1.0, -2.0]], np.float32), 0.5), Layer(np.array([3.0]), np.float32(2.0))],
        "pair": Pair(np.array(1.5), None),
        "empty": np.zeros((0, 2)),
        "count": 3,
    }


def squares(tree):
    return sum(np.sum(leaf**2) for leaf in flatten(tree)[0])


def described(tree):
    leaves, structure = flatten(tree)
    return structure, [(type(leaf), np.shape(leaf), np.asarray(leaf).dtype) for leaf in leaves]


# containers, dtypes, purity


@pytest.mark.parametrize("rule", RULES)
def test_structure_types_shapes_and_dtypes_are_kept(rule):
    start = container()
    start["count"] = 3.0
    seen = []
    end = rule(step_size=np.float64(0.01)).run(
        grad(squares), container(), lambda x, i, g: seen.append((described(x), described(g))), num_iters=3
    )
    assert described(end) == described(start)
    assert seen == [(described(start), described(start))] * 3


@pytest.mark.parametrize("rule", RULES)
def test_hyperparameters_of_double_precision_do_not_widen_float32(rule):
    names = [name for name in vars(rule()) if name != "step_size"]
    options = dict.fromkeys(names, np.float64(0.25))
    x = np.ones(2, np.float32)
    narrow = rule(step_size=np.array(0.1), **options)
    state = narrow.init(x)
    for _ in range(2):
        x, state = narrow.update(np.ones(2), state, x)
        assert x.dtype == np.float32
        assert {part.dtype for part in state.memory.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("rule", RULES)
def test_nothing_that_was_given_is_modified_and_nothing_is_shared(rule):
    x = np.array([1.0, 2.0])
    g = np.array([3.0, -1.0])
    pair = rule()
    state = pair.init(x)
    kept = {name: part.copy() for name, part in state.memory.items()}
    moved, after = pair.update(g, state, x)
    assert (state.iteration, after.iteration) == (0, 1)
    np.testing.assert_array_equal(x, [1.0, 2.0])
    np.testing.assert_array_equal(g, [3.0, -1.0])
    for name, part in kept.items():
        np.testing.assert_array_equal(state.memory[name], part)
        for given in (x, g, moved, state.memory[name]):
            assert not np.shares_memory(after.memory[name], given)
    assert not np.shares_memory(moved, x)
    again, _ = pair.update(g, state, x)
    np.testing.assert_array_equal(again, moved)


def test_a_run_of_no_iterations_returns_a_copy_of_the_start():
    x0 = {"w": np.ones(2), "n": 1}
    end = adam(lambda x: x, x0, num_iters=0)
    assert end["w"] is not x0["w"]
    np.testing.assert_array_equal(end["w"], x0["w"])
    assert type(end["n"]) is float


def test_the_first_iterate_that_a_callback_sees_is_not_the_callers_array():
    x0 = np.ones(2)
    adam(lambda x: x, x0, lambda x, i, g: x.fill(0.0), num_iters=1)
    np.testing.assert_array_equal(x0, [1.0, 1.0])


def test_a_state_is_a_container():
    state = Adam().init({"w": np.ones(2)})
    leaves, structure = flatten(state)
    assert structure.kind is State
    assert len(leaves) == 3


@pytest.mark.parametrize("rule", RULES)
def test_a_complex_parameter_goes_downhill(rule):
    target = np.array([1.0 + 2.0j, -3.0 + 0.5j])
    seen = []
    end = rule(step_size=0.05).run(
        grad(lambda z: np.sum(np.abs(z - target) ** 2)),
        np.zeros(2, complex),
        lambda z, i, g: seen.append(np.sum(np.abs(z - target) ** 2)),
        num_iters=400,
    )
    assert end.dtype == complex
    assert seen[-1] < 0.05 * seen[0]


def test_a_complex_run_of_sgd_is_that_of_its_real_and_imaginary_parts():
    def of_complex(z):
        return np.real(np.sum(z**3)) + np.sum(np.abs(z) ** 4)

    def of_parts(parts):
        return of_complex(parts[0] + 1j * parts[1])

    z0 = np.array([0.3 - 0.2j, -0.1 + 0.4j])
    end = sgd(grad(of_complex), z0, num_iters=10)
    parts = sgd(grad(of_parts), [z0.real, z0.imag], num_iters=10)
    np.testing.assert_allclose(end, parts[0] + 1j * parts[1], rtol=1e-13)


# what is called, and when


def test_the_callback_gets_the_point_the_iteration_and_the_gradient_before_each_step():
    seen = []
    end = sgd(
        lambda x, i: 2.0 * x + i, 1.0, lambda *given: seen.append(given), num_iters=3, step_size=0.5, mass=0.0
    )
    assert seen == [(1.0, 0, 2.0), (0.0, 1, 1.0), (-0.5, 2, 1.0)]
    assert end == -1.0


def test_the_callback_may_be_given_by_position_and_what_it_returns_changes_nothing():
    assert sgd(lambda x: x, 1.0, lambda x, i, g: 7.0, 1, 0.5, 0.0) == 0.5


class Slopes:
    def of_point(self, x):
        return (x, "no iteration")

    def of_both(self, x, i):
        return (x, i)


@pytest.mark.parametrize(
    ("gradient", "expected"),
    [
        (lambda x: (x, "no iteration"), "no iteration"),
        (lambda x, *, i="by keyword": (x, i), "by keyword"),
        (lambda x, **kwargs: (x, kwargs), {}),
        (Slopes().of_point, "no iteration"),
        (functools.partial(lambda x, data: (x, data), data="data"), "data"),
        (lambda x, i: (x, i), 0),
        (lambda *args: args, 0),
        (Slopes().of_both, 0),
        (functools.partial(lambda data, x, i: (x, i), "data"), 0),
    ],
)
def test_the_signature_decides_whether_the_iteration_is_given(gradient, expected):
    seen = []

    @functools.wraps(gradient)
    def recording(*args, **kwargs):
        x, second = gradient(*args, **kwargs)
        seen.append(second)
        return x

    adam(recording, 1.0, num_iters=1)
    assert seen == [expected]


def test_the_gradient_of_a_loss_has_the_signature_of_the_loss():
    def loss(x):
        return x**2

    def loss_of_batch(x, i):
        return x**2 * (i + 1)

    assert sgd(grad(loss), 1.0, num_iters=1, step_size=0.25, mass=0.0) == 0.5
    assert sgd(grad(loss_of_batch), 1.0, num_iters=2, step_size=0.25, mass=0.0) == 0.0


class Compiled:
    """A gradient that has no signature, as compiled code may have none."""

    __signature__ = "unknown"

    def __call__(self, x, i):
        return x * i


def test_a_gradient_without_a_signature_is_given_the_iteration():
    assert sgd(Compiled(), 2.0, num_iters=2, step_size=1.0, mass=0.0) == 0.0


@pytest.mark.parametrize("function", [np.linalg.norm, np.sum, lambda x, ridge=2.0: ridge * x**2])
def test_a_second_parameter_with_a_default_is_not_taken_for_the_iteration(function):
    with pytest.raises(ArgumentError, match=r"adam: the gradient's second parameter '\w+' has a default"):
        adam(grad(function), np.ones(2))
    assert np.shape(adam(lambda x: grad(np.sum)(x), np.ones(2), num_iters=1)) == (2,)


@pytest.mark.parametrize("rule", RULES)
def test_a_schedule_is_a_function_of_the_iteration(rule):
    sizes = [0.1, 0.0, 0.3]
    seen = []
    scheduled = rule(step_size=lambda i: seen.append(i) or sizes[i])
    x, state = 1.0, scheduled.init(1.0)
    fixed = {size: rule(step_size=size) for size in sizes}
    expected, other = 1.0, state
    for i in range(3):
        x, state = scheduled.update(2.0, state, x)
        expected, other = fixed[sizes[i]].update(2.0, other, expected)
        assert x == expected
    assert seen == [0, 1, 2]


def test_a_rule_without_memory_needs_only_a_step():
    @dataclass(frozen=True)
    class Sign(Optimizer):
        step_size: float = 0.5
        name: ClassVar[str] = "sign"

        def step(self, x, g, memory, step_size, i):
            return x - step_size * np.sign(g), memory

    assert Sign().run(lambda x: x, {"a": 2.0, "b": -1.0}, num_iters=2) == {"a": 1.0, "b": 0.0}


def test_a_rule_without_a_step_says_so():
    @dataclass(frozen=True)
    class Empty(Optimizer):
        step_size: float = 0.5

    with pytest.raises(TypeError, match="Empty does not say what a step is; give it a method 'step'"):
        Empty().run(lambda x: x, 1.0)
