"""The examples in docstrings and in the README run and print what they say."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import fgrad

MODULES = [
    "fgrad",
    *(m.name for m in pkgutil.walk_packages(fgrad.__path__, "fgrad.") if "__main__" not in m.name),
]
NUMPYS = {"fgrad.numpy", "fgrad.numpy.linalg", "fgrad.numpy.fft", "fgrad.numpy.random"}
README = Path(__file__).parents[1] / "README.md"
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def examples_of(module):
    """Return the doctests that are ours: NumPy's documentation, which our fronts carry, is NumPy's."""
    for test in doctest.DocTestFinder().find(module):
        carried = module.__name__ in NUMPYS and test.name != module.__name__
        if test.examples and not carried:
            yield test


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name):
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    for test in examples_of(importlib.import_module(name)):
        runner.run(test)
    assert runner.summarize().failed == 0


def test_public_objects_have_examples():
    tested = {test.name for name in MODULES for test in examples_of(importlib.import_module(name))}
    functions = [
        thing.__name__  # of an alias, the name that it stands for
        for name in fgrad.__all__
        if callable(thing := getattr(fgrad, name)) and not name.endswith("Error")
    ]
    undocumented = [n for n in functions if not any(t.endswith(f".{n}") for t in tested)]
    assert undocumented == []


def run_readme():
    """Run the Python blocks of the README; return how many fail, and the names that they define."""
    blocks = re.findall(r"^```python\n(.*?)^```", README.read_text(), re.S | re.M)
    assert len(blocks) >= 5
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "README", str(README), 0)
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    runner.run(test, clear_globs=False)
    return runner.summarize().failed, test.globs


def test_readme_examples():
    failed, _ = run_readme()
    assert failed == 0


def test_the_drawing_in_the_readme_is_that_of_its_loss():
    _, names = run_readme()
    (drawn,) = re.findall(r"^```mermaid\n(.*?)^```", README.read_text(), re.S | re.M)
    assert drawn == names["drawing"].mermaid


def test_readme_has_no_block_that_nothing_runs():
    """Python blocks are run here; shell blocks are the two commands, which CI runs from the README."""
    kinds = re.findall(r"^```(\w*)$", README.read_text(), re.M)[::2]
    assert set(kinds) <= {"python", "sh", "mermaid"}
    assert re.findall(r"^```sh\n(.*?)\n```", README.read_text(), re.S | re.M) == [
        "pip install . && python -m fgrad",
        'pip install ".[test]" && pytest',
    ]
