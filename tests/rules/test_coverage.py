"""No rule without a case, and no function of NumPy's whose absence is an oversight."""

from collections import Counter
from functools import cache

import numpy as np
import pytest

from fgrad.core.primitive import MissingRule, Primitive
from fgrad.core.registry import IMPLEMENTATIONS, PRIMITIVES
from fgrad.kinds.constant import Constant
from fgrad.kinds.custom import Custom
from fgrad.kinds.elementwise import Elementwise
from fgrad.numpy.wrap import PUBLIC
from tests.rules.cases import CASES, constants
from tests.rules.recording import recorded

#: NumPy 2.5 warns of its own function.
pytestmark = pytest.mark.filterwarnings("ignore:numpy.fix is deprecated:DeprecationWarning")


@cache
def exercised():
    """Return the primitives that the cases of derivatives use, with the positions that are differentiated."""
    return set().union(*(recorded(case.call, case.leaves(case.dtypes[-1])) for case in CASES))


def exercised_constants():
    seen = set()
    for function, args, kwargs in constants.CASES:
        arrays = [arg for arg in args if isinstance(arg, np.ndarray)]
        rest = args[len(arrays) :]

        def call(*boxes, function=function, rest=rest, kwargs=kwargs):
            return function(*boxes, *rest, **kwargs)

        seen |= recorded(call, arrays)
    return {primitive for primitive, _ in seen}


def test_every_primitive_has_a_rule():
    assert [p.name for p in PRIMITIVES.values() if isinstance(p.rule, MissingRule)] == []


def test_every_rule_has_a_case():
    used = {primitive for primitive, _ in exercised()}
    missing = [p.name for p in PRIMITIVES.values() if not isinstance(p.rule, Constant) and p not in used]
    assert missing == [], f"rules without a case in tests/rules/cases: {missing}"


def test_every_partial_of_a_rule_has_a_case():
    """A case in which an argument is constant says nothing of that argument's partial."""
    missing = [
        f"{p.name} by {name}"
        for p in PRIMITIVES.values()
        if not isinstance(p.rule, Constant)
        for position, name in enumerate(p.argnames)
        if differentiable(p, position) and (p, position) not in exercised()
    ]
    assert missing == [], f"partial derivatives without a case in tests/rules/cases: {missing}"


def differentiable(primitive, position):
    """Say whether a rule gives a derivative by an argument; those by partials and JVPs may not."""
    rule = primitive.rule
    if isinstance(rule, Custom):
        return rule.jvps.get(position, rule) is not None
    return not isinstance(rule, Elementwise) or rule.entries[position] is not None


def test_every_constant_has_a_case():
    used = exercised_constants()
    missing = [p.name for p in PRIMITIVES.values() if isinstance(p.rule, Constant) and p not in used]
    assert missing == [], f"constants without a case in tests/rules/cases/constants.py: {missing}"


def test_a_rule_without_a_case_is_found(monkeypatch):
    forgotten = Primitive("forgotten", np.sin, ("x",))
    forgotten.rule = PRIMITIVES[np.sin].rule
    monkeypatch.setitem(PRIMITIVES, lambda x: x, forgotten)
    with pytest.raises(AssertionError, match=r"rules without a case in tests/rules/cases.*forgotten"):
        test_every_rule_has_a_case()


def originals():
    """Return the function of NumPy's for each public one of fgrad.numpy."""
    spaces = {"numpy": np, "numpy.linalg": np.linalg, "numpy.fft": np.fft}
    return {front: getattr(spaces[m], name) for m, names in PUBLIC.items() for name, front in names.items()}


def test_every_implementation_has_a_case():
    called = {case.function for case in CASES} | {function for function, _, _ in constants.CASES}
    tested = {original for front, original in originals().items() if front in called}
    missing = [original.__name__ for original in IMPLEMENTATIONS if original not in tested]
    assert missing == [], f"functions without a case in tests/rules/cases: {missing}"


def test_every_ufunc_is_differentiable_or_constant():
    ufuncs = {name for name in np.__all__ if isinstance(getattr(np, name), np.ufunc)}
    assert {name for name in ufuncs if getattr(np, name) not in IMPLEMENTATIONS} == set()


def test_names_of_cases_are_unique():
    assert [name for name, count in Counter(map(str, CASES)).items() if count > 1] == []
