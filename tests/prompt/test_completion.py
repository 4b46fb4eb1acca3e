"""Completion at the prompt offers what is public, and nothing else."""

import rlcompleter

import pytest

import fgrad
import fgrad.numpy


def completed(text):
    """Return what Python's own completion offers after a dot."""
    completer = rlcompleter.Completer({"fgrad": fgrad})
    found = []
    while (name := completer.complete(text, len(found))) is not None:
        found.append(name.removeprefix(text).rstrip("()"))
    return [name for name in found if not name.startswith("_")]


def test_of_fgrad():
    assert set(completed("fgrad.")) == {*fgrad.__all__, "numpy", "implicit", "optimizers", "testing"}


@pytest.mark.parametrize("name", ["numpy", "numpy.linalg", "numpy.fft", "numpy.random"])
def test_of_the_namespaces(name):
    import numpy

    theirs = {"numpy": numpy, "numpy.linalg": numpy.linalg, "numpy.fft": numpy.fft, "numpy.random": numpy.random}
    offered = set(completed(f"fgrad.{name}."))
    assert offered <= set(dir(theirs[name]))
    assert len(offered) > 10
