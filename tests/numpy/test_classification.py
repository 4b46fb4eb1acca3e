"""Every function of NumPy's namespaces is differentiable, constant or refused, and the page says so."""

from importlib.resources import files

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import grad
from fgrad.core.errors import MissingRuleError
from fgrad.core.registry import IMPLEMENTATIONS
from fgrad.numpy.answering.calling import no_rule
from fgrad.numpy.classification import KINDS, NAMESPACES, classify, functions, page
from fgrad.numpy.refusals import REFUSED, reason

NAMES = [(module, name) for module in NAMESPACES for name in functions(module)]
PAGE = files("fgrad.numpy") / "NAMES.md"


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_every_function_is_classified(module, name):
    """A function that a new NumPy adds fails here until it has a rule or a reason."""
    assert classify(module, name) in KINDS


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_nothing_is_refused_and_implemented(module, name):
    implemented = getattr(NAMESPACES[module], name) in IMPLEMENTATIONS
    assert implemented != (reason(f"{module}.{name}") is not None)


def test_every_reason_is_for_a_name_of_numpys():
    """Of the NumPy that the page is made for; an older one lacks some."""
    if np.lib.NumpyVersion(np.__version__) >= "2.4.0":
        names = {f"{module}.{name}".removeprefix("numpy.") for module, name in NAMES}
        assert set(REFUSED) - names <= {"in1d", "row_stack", "trapz"}, "which older versions have"


@pytest.mark.parametrize("name", REFUSED)
def test_a_reason_says_what_to_do(name):
    assert reason(f"numpy.{name}") in no_rule(f"numpy.{name}")
    assert len(REFUSED[name].split(".")) > 2, "why, and what to use instead"


def test_a_refusal_gives_its_reason():
    with pytest.raises(MissingRuleError, match=r"numpy\.savetxt has no derivative rule.*It writes a file"):
        grad(lambda x: fnp.savetxt("never written", x))(np.ones(2))


def test_the_page_is_made_from_the_registries():
    text = PAGE.read_text()
    if f"for NumPy {'.'.join(np.__version__.split('.')[:2])}." in text:
        assert text == page()
    assert all(f"`{name}`" in text for name in ("sin", "argmax", "savetxt", "svd", "rfft"))
