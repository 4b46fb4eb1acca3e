"""The examples in docstrings and in the README run and print what they say."""

import doctest
import importlib
import pkgutil

import pytest

import fgrad

MODULES = [
    "fgrad",
    *(m.name for m in pkgutil.walk_packages(fgrad.__path__, "fgrad.") if "__main__" not in m.name),
]


def examples_of(module):
    """Return the doctests that are ours: NumPy's documentation, which our fronts carry, is NumPy's."""
    for test in doctest.DocTestFinder().find(module):
        carried = module.__name__ in ("fgrad.numpy", "fgrad.numpy.linalg") and test.name != module.__name__
        if test.examples and not carried:
            yield test


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name):
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    for test in examples_of(importlib.import_module(name)):
        runner.run(test)
    assert runner.summarize().failed == 0


def test_public_objects_have_examples():
    tested = {test.name for name in MODULES for test in examples_of(importlib.import_module(name))}
    functions = [
        name for name in fgrad.__all__ if callable(getattr(fgrad, name)) and not name.endswith("Error")
    ]
    undocumented = [n for n in functions if not any(t.endswith(f".{n}") for t in tested)]
    assert undocumented == []
