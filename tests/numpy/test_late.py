"""The table of what is imported late is that of the files, and whoever asks first is served."""

import json
import pickle
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import fgrad
import fgrad.numpy as fnp
from fgrad import grad
from fgrad.numpy.late import FILES, import_all, import_file

ROOT = Path(fgrad.__file__).parents[1]
SPACES = ("fft", "linalg", "random")

#: Imports a file alone; prints the names that came, the late files, and the primitives without a rule.
ALONE = """
import sys, json, importlib, fgrad
from fgrad.core.late import declare_late_rules
from fgrad.core.primitive import MissingRule
from fgrad.core.registry import PRIMITIVES
from fgrad.numpy.late import FILES
from fgrad.numpy.wrap import PUBLIC
before = set(PUBLIC["numpy"])
importlib.import_module("fgrad.numpy.{file}")
names = sorted(set(PUBLIC["numpy"]) - before)
loaded = [name for name in FILES if "fgrad.numpy." + name in sys.modules]
declare_late_rules()
lacking = [p.name for p in PRIMITIVES.values() if isinstance(p.rule, MissingRule)]
print(json.dumps([names, loaded, lacking]))
"""


def run(program):
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("file", FILES)
def test_a_file_implements_the_names_of_the_table_and_its_primitives_have_rules(file):
    names, loaded, lacking = json.loads(run(ALONE.replace("{file}", file)))
    assert file in loaded
    stated = {name for other in loaded for name in FILES[other].split()} - set(SPACES)
    assert set(names) == {name for name in stated if hasattr(np, name)}
    assert lacking == []


def test_no_name_stands_twice_in_the_table():
    names = " ".join(FILES.values()).split()
    assert len(names) == len(set(names))


@pytest.mark.parametrize("space", SPACES)
def test_a_namespace_is_a_module_that_waits(space):
    found = getattr(fnp, space)
    assert isinstance(found, ModuleType)
    assert import_file(space) is found


def test_a_name_that_no_file_waits_for_is_none():
    assert import_file("sin") is None
    assert import_file("no name of numpy's") is None


@pytest.mark.parametrize(
    "first",
    [
        "numpy.interp(x, x, x)",
        "fgrad.numpy.interp(x, x, x)",
        "fgrad.numpy.linalg.inv(fgrad.numpy.diag(x))",
        "numpy.linalg.inv(numpy.diag(x))",
        "numpy.fft.fft(x).real",
        "fgrad.numpy.vectorize(lambda a: a * a)(x)",
        "fgrad.numpy.r_[x, x]",
        "x.cumsum()",
        "numpy.add.accumulate(x)",
        "x.searchsorted(2.5) * x",
        "fgrad.numpy.random.default_rng(0).normal(x)",
    ],
)
def test_whoever_asks_first_is_served(first):
    program = f"""
import fgrad, fgrad.numpy, numpy
f = lambda x: numpy.sum({first})
x = numpy.array([1.0, 2.0, 3.0])
found = fgrad.grad(f)(x)
print(numpy.array_equal(found, fgrad.grad(f)(x)), numpy.any(found != 0))
"""
    assert run(program) == "True True\n"


def test_forward_mode_may_ask_first():
    program = "import fgrad, numpy as np; print(fgrad.jvp(np.linalg.det, (2 * np.eye(2),), (np.eye(2),))[1])"
    assert run(program) == "4.0\n"


def test_a_name_of_numpys_that_has_gone_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"neither numpy nor fgrad\.numpy has an attribute 'alltrue'"):
        fnp.alltrue  # noqa: B018 - asking for it is the test


def test_a_function_of_a_late_file_pickles_by_name_before_it_was_used():
    text = pickle.dumps(fnp.histogram)
    program = f"import pickle; print(pickle.loads({text!r}).__name__)"
    assert run(program) == "histogram\n"


def test_import_all_completes_the_registries():
    import_all()
    assert grad(lambda x: fnp.kron(x, x)[0])(np.array([3.0])) == 6
    assert all(f"fgrad.numpy.{file}" in sys.modules for file in FILES)
