"""Every random function of NumPy's: differentiated, or refused with the reason; never silently detached."""

import inspect

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import DetachedError, FgradError, MissingRuleError, grad
from fgrad.core.box import Box
from fgrad.modes.reverse import ReverseTrace
from fgrad.numpy.random.fronts import LEGACY, MODERN

PUBLIC = [name for name in np.random.__all__ if not inspect.isclass(getattr(np.random, name))]


def methods(kind):
    found = vars(getattr(np.random, kind)).items()
    return [
        name for name, member in found if callable(member) and not name.startswith("_") and name != "spawn"
    ]


#: How to reach each function, and what is differentiated there.
PLACES = [
    *(("numpy.random", name, lambda: fnp.random, LEGACY) for name in PUBLIC),
    *(
        ("numpy.random.Generator", name, lambda: fnp.random.default_rng(0), MODERN)
        for name in methods("Generator")
    ),
    *(
        ("numpy.random.RandomState", name, lambda: fnp.random.RandomState(0), LEGACY)
        for name in methods("RandomState")
    ),
]
REFUSED = [
    pytest.param(*place[:3], id=".".join(place[:2]))
    for place in PLACES
    if place[1] not in place[3] and place[1] != "default_rng"
]

#: These return nothing, and a state that does not depend on the argument.
WITHOUT_RESULT = ["shuffle", "get_state"]

INTEGERS = """
binomial geometric hypergeometric integers logseries multinomial multivariate_hypergeometric negative_binomial
poisson randint random_integers zipf
""".split()
REJECTED = """
beta chisquare dirichlet f gamma noncentral_chisquare noncentral_f standard_gamma standard_t vonmises
""".split()


@pytest.mark.parametrize(("owner", "name", "place"), REFUSED)
def test_a_traced_argument_of_what_does_not_move_is_refused_by_name(owner, name, place):
    function = getattr(place(), name)
    for call in (lambda x: function(x), lambda x: function(size=x), lambda x: function([x, 1.0])):
        with pytest.raises(MissingRuleError) as caught:
            grad(call)(2.0)
        assert str(caught.value).startswith(f"{owner}.{name} has no derivative rule in fgrad: ")
        reason = "are integers" if name in INTEGERS else "accepted or rejected" if name in REJECTED else ""
        assert reason in str(caught.value)


def test_the_reason_comes_with_what_to_do():
    with pytest.raises(MissingRuleError, match="logarithm of the density") as caught:
        grad(lambda a: fnp.random.default_rng(0).gamma(a))(2.0)
    assert "weibull" in str(caught.value)
    with pytest.raises(MissingRuleError, match="root of an equation"):
        grad(lambda a: fnp.random.wald(a, 1.0))(2.0)


@pytest.mark.filterwarnings("ignore:.*shuffling:UserWarning", "ignore:.*randint:DeprecationWarning")
@pytest.mark.parametrize("name", PUBLIC)
def test_code_that_imports_numpy_itself_never_detaches_a_value_silently(name):
    trace = ReverseTrace("a test")
    scalar, vector = trace.root(2.0), trace.root(np.array([0.5, 0.25, 0.25]))
    state = np.random.get_state()
    for args in (
        (scalar,),
        (vector,),
        (scalar, scalar),
        (vector, 1.0),
        (scalar, scalar, scalar),
        ([scalar],),
    ):
        try:
            result = getattr(np.random, name)(*args)
        except (FgradError, TypeError, ValueError):
            continue
        assert name in WITHOUT_RESULT or type(result) is Box
    np.random.set_state(state)


def test_numpys_own_generators_say_where_to_find_those_that_can():
    for draw in (np.random.normal, np.random.default_rng(0).normal, np.random.RandomState(0).normal):
        with pytest.raises(DetachedError, match=r"fgrad\.numpy\.random"):
            grad(draw)(1.0)
        with pytest.raises(DetachedError, match=r"fgrad\.numpy\.random"):
            grad(lambda x, draw=draw: np.sum(draw(x, 1.0)))(np.ones(2))


def test_plain_arguments_give_what_numpy_gives():
    theirs, ours = np.random.default_rng(3), fnp.random.default_rng(3)
    assert ours.gamma(2.0, size=2).tolist() == theirs.gamma(2.0, size=2).tolist()
    assert ours.normal(1.0, [2.0, 3.0]).tolist() == theirs.normal(1.0, [2.0, 3.0]).tolist()
    assert ours.integers(10) == theirs.integers(10)
    assert np.array_equal(ours.permutation(5), theirs.permutation(5))
    assert ours.multivariate_normal([0.0], [[1.0]]) == theirs.multivariate_normal([0.0], [[1.0]])
    assert ours.choice(["a", "b"]) == theirs.choice(["a", "b"])


def test_new_arrays_are_plain_arguments_and_are_written_into():
    def function(x):
        rng = fnp.random.default_rng(0)
        assert rng.gamma(fnp.ones(2)).tolist() == np.random.default_rng(0).gamma(np.ones(2)).tolist()
        assert type(rng.permutation(fnp.zeros(3))) is np.ndarray
        buffer = fnp.zeros(2)
        product = x * buffer
        assert fnp.random.default_rng(1).random(out=buffer) is buffer
        assert np.sum(buffer) == np.sum(np.random.default_rng(1).random(2))
        return np.sum(product) + 3 * x

    assert grad(function)(1.0) == 3.0


def test_fronts_keep_numpys_names_and_documentation():
    assert fnp.random.normal.__doc__ == np.random.normal.__doc__
    assert fnp.random.normal.__module__ == "fgrad.numpy.random"
    assert fnp.random.Generator.normal.__doc__ == np.random.Generator.normal.__doc__
    assert fnp.random.default_rng.__doc__ == np.random.default_rng.__doc__
