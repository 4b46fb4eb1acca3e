"""The way back without guards: when it is tried, what it must not do, and when it is done again."""

import weakref

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import defvjp, grad, jvp, primitive, vjp
from fgrad.core.finite import FEW
from fgrad.modes.tape import ON_TRIAL, WORTH_A_TRIAL, Tape, decline


def long(program):
    """Return a program that goes on, after the given one, with enough operations for a trial."""

    def longer(x):
        y = program(x)
        for _ in range(WORTH_A_TRIAL):
            y = +y
        return y

    return longer


@pytest.fixture
def product():
    """Make a pull that multiplies by its residual, and a stand-in; ``calls`` lists which was called."""
    calls = []

    def guarded(g, residual):
        calls.append("guarded")
        return g * residual if g else 0.0

    def plain(g, residual):
        calls.append("plain")
        return g * residual

    ON_TRIAL[guarded] = plain
    guarded.calls = calls
    yield guarded
    del ON_TRIAL[guarded]


def chain(pull, *residuals):
    """Return a tape of one root and one entry for each residual."""
    tape = Tape()
    tape.write(None, None, None)
    for i, residual in enumerate(residuals):
        tape.write(pull, i, residual)
    return tape, len(residuals)


# when it is tried, and when it is done again


def test_a_long_tape_is_pulled_once_without_guards(product):
    tape, last = chain(product, *[1.0] * WORTH_A_TRIAL)
    assert tape.pull_back([(last, 3.0)], 1) == [3.0]
    assert product.calls == ["plain"] * WORTH_A_TRIAL


def test_a_short_tape_is_pulled_with_guards(product):
    tape, last = chain(product, *[1.0] * (WORTH_A_TRIAL - 1))
    assert tape.pull_back([(last, 3.0)], 1) == [3.0]
    assert product.calls == ["guarded"] * (WORTH_A_TRIAL - 1)


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("bad", [np.inf, np.nan])
def test_where_a_nan_arrives_all_is_done_again_with_guards(product, bad, again):
    tape, last = chain(product, bad, 0.0, *[1.0] * WORTH_A_TRIAL)
    for _ in range(1 + again):
        assert tape.pull_back([(last, 3.0)], 1, again=again) == [0.0]
    assert product.calls == (["plain"] * last + ["guarded"] * last) * (1 + again)


def test_an_infinity_that_is_right_arrives_as_it_is(product):
    tape, last = chain(product, np.inf, *[1.0] * WORTH_A_TRIAL)
    assert tape.pull_back([(last, 3.0)], 1) == [np.inf]


def test_seeds_that_add_up_do_so_again(product):
    tape, last = chain(product, np.inf, 0.0, *[1.0] * WORTH_A_TRIAL)
    g = np.ones(2)
    tape.residuals[1:3] = np.zeros(2), 1.0
    tape.pulls = [None, *[lambda g, residual: g * residual] * last]
    (found,) = tape.pull_back([(last, g), (last, g), (1, g)], 1, again=True)
    np.testing.assert_array_equal(found, np.zeros(2))
    np.testing.assert_array_equal(g, np.ones(2))


def test_the_gradient_of_a_long_program_with_an_unused_branch():
    infinite = np.array([np.inf, np.nan, 2.0])

    def program(x):
        return fnp.where(x > 1, x * infinite, 3.0 * x)

    x = np.array([-1.0, 0.5, 2.0])
    np.testing.assert_array_equal(grad(lambda x: fnp.sum(long(program)(x)))(x), [3, 3, 2])
    _, pullback = vjp(long(program), x)
    for _ in range(2):
        np.testing.assert_array_equal(pullback(np.ones(3))[0], [3, 3, 2])


def test_second_derivatives_of_a_long_program_with_an_unused_branch():
    """The root's slope at 0 is infinite, and so is that of ``x**1.5`` a derivative later."""

    def program(x):
        return fnp.where(x > 0, x * fnp.sqrt(x) + x**1.5, x * x)

    def slope(x):
        return grad(lambda x: fnp.sum(long(program)(x)))(x)

    x = np.array([0.0, 4.0])
    expected = [2.0, 2 * 0.75 / 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        np.testing.assert_allclose(grad(lambda x: fnp.sum(slope(x)))(x), expected, rtol=1e-15)
        np.testing.assert_allclose(jvp(slope, (x,), (np.ones(2),))[1], expected, rtol=1e-15)


def test_a_tangent_of_zero_wins_inside_a_trial():
    """The trial belongs to the inner transform alone: the outer one, forward, must keep its guards."""

    def program(x):
        y = fnp.where(x > 0, x, x * np.inf)
        return y * y * x

    assert jvp(grad(long(program)), (2.0,), (1.0,)) == (12.0, 12.0)


# what it must not do


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("setting", ["warn", "raise"])
def test_a_trial_that_fails_is_silent(setting):
    infinite = np.array([np.inf, 2.0])
    program = long(lambda x: fnp.where(np.array([False, True]), x * infinite, x))
    with np.errstate(all=setting):
        np.testing.assert_array_equal(grad(lambda x: fnp.sum(program(x)))(np.ones(2)), [1, 2])


def test_what_is_wrong_with_the_numbers_is_reported_as_without_a_trial():
    program = long(lambda x: fnp.sin(x * 2.0))
    with np.errstate(invalid="ignore"):
        value, pullback = vjp(program, np.array([np.inf]))
    with np.errstate(invalid="raise"), pytest.raises(FloatingPointError, match="cos"):
        pullback(np.ones_like(value))


def test_foreign_code_runs_once_and_sees_no_nan():
    seen = []

    @primitive
    def logged(x):
        return x * 1.0

    def make_pull(ans, x):
        def pull(g):
            seen.append(np.array(g))
            return g

        return pull

    defvjp(logged, make_pull)
    infinite = np.array([np.inf, 2.0])
    unused = np.array([False, True])
    program = long(lambda x: fnp.where(unused, logged(logged(x) * infinite), x))
    np.testing.assert_array_equal(grad(lambda x: fnp.sum(program(x)))(np.ones(2)), [1, 2])
    np.testing.assert_array_equal(seen, [[0, 1], [0, 2]])


def test_foreign_code_of_another_dtype_runs_once():
    """Its cotangent is fitted to the argument's dtype, behind which it must be recognised."""
    seen = []

    @primitive
    def widened(x):
        return x.astype(np.float64)

    defvjp(widened, lambda ans, x: lambda g: seen.append(g) or g)
    program = long(lambda x: widened(x * np.float32(np.inf)) * 0.0)
    x = np.ones(2, np.float32)
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(grad(lambda x: fnp.sum(program(x)))(x), np.zeros(2, np.float32))
    assert len(seen) == 1


def test_a_pull_that_declines_and_all_before_it_are_guarded(product):
    def foreign(g, residual):
        product.calls.append("foreign")
        return g

    tape, last = chain(product, *[1.0] * WORTH_A_TRIAL)
    tape.pulls[5] = foreign
    ON_TRIAL[foreign] = decline
    try:
        assert tape.pull_back([(last, 3.0)], 1) == [3.0]
    finally:
        del ON_TRIAL[foreign]
    assert product.calls == ["plain"] * (last - 5) + ["foreign"] + ["guarded"] * 4


def test_large_residuals_are_freed_while_the_cotangent_travels_back():
    held, seen = [], []

    def program(x):
        y = observed(x)
        for _ in range(5):
            y = fnp.exp(y * 0.1)
            held.append(weakref.ref(y.value))
        return fnp.sum(y)

    @primitive
    def observed(x):
        return x * 1.0

    def make_pull(ans, x):
        def pull(g):
            seen.append(sum(ref() is not None for ref in held))
            return g

        return pull

    defvjp(observed, make_pull)
    grad(long(program))(np.ones(FEW + 1))
    assert seen == [0]


def test_a_trial_ends_where_arrays_become_large(product):
    large = np.ones(FEW + 1)
    tape, last = chain(lambda g, residual: g * residual, 2.0, 2.0, large, *[1.0] * WORTH_A_TRIAL)
    kept = weakref.ref(large)
    tape.residuals[3] = large
    alive = []
    tape.pulls[1] = lambda g, residual: alive.append(kept() is not None) or g * residual
    del large
    (found,) = tape.pull_back([(last, 3.0)], 1)
    np.testing.assert_array_equal(found, np.full(FEW + 1, 12.0))
    assert alive == [False]
