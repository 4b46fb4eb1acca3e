"""Completion at the prompt offers what is public, and nothing else."""

import importlib
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
    offered = set(completed(f"fgrad.{name}."))
    assert offered <= set(dir(importlib.import_module(name)))
    assert len(offered) > 10
