"""Code as a module: what is in the file, what is missing, and that it can be imported."""

from __future__ import annotations

import importlib.util
from collections import OrderedDict

import numpy as np
import pytest

import fgrad
import fgrad.numpy as fnp
from fgrad import grad, source
from fgrad.sources.files import module_text
from tests.sources import examples

X1 = np.array([0.5, 1.0, 2.0])


def cubes(x):
    return fnp.sum(x**3)


def imported(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_saved_file_can_be_imported(tmp_path):
    path = source(grad(cubes), X1).save(tmp_path / "slopes.py")
    assert path == tmp_path / "slopes.py"
    np.testing.assert_array_equal(imported(path).grad_cubes(X1), 3 * X1**2)


def test_short_constants_are_in_the_file(tmp_path):
    rate, shift = 0.25, np.array([1.0, 2.0, 4.0])
    code = source(lambda x: rate * x + shift, X1)
    path = code.save(str(tmp_path / "short.py"))
    text = path.read_text(encoding="utf-8")
    assert "rate = 0.25\nshift = np.array([1.0, 2.0, 4.0])\n" in text
    np.testing.assert_array_equal(imported(path).f(X1), 0.25 * X1 + shift)


def test_large_constants_are_named_in_the_file_and_can_be_assigned(tmp_path):
    code = source(grad(examples.squares), X1)
    path = code.save(tmp_path / "large.py")
    text = path.read_text(encoding="utf-8")
    assert "# To be assigned before grad_squares is called" in text
    assert "#     X: float64[8,3]\n" in text
    module = imported(path)
    with pytest.raises(NameError, match="'X' is not defined"):
        module.grad_squares(X1)
    module.X, module.target = code.namespace["X"], code.namespace["target"]
    np.testing.assert_array_equal(module.grad_squares(X1), code(X1))


def test_functions_of_a_module_are_imported_in_the_file(tmp_path):
    tree = {frozenset({1}): 1.0}  # which is taken apart by a function of fgrad's
    path = source(lambda d: d[frozenset({1})] ** 2, tree).save(tmp_path / "imports.py")
    assert "from fgrad.sources.containers import leaves_of\n" in path.read_text(encoding="utf-8")
    assert imported(path).f({frozenset({1}): 3.0}) == 9.0


def test_functions_of_no_module_are_named_in_the_file_and_can_be_assigned(tmp_path):
    @fgrad.primitive
    def doubled(x):
        return 2 * x

    code = source(doubled, X1)
    path = code.save(tmp_path / "primitive.py")
    assert "#     doubled_2: a function, as in the namespace" in path.read_text(encoding="utf-8")
    module = imported(path)
    module.doubled_2 = code.namespace["doubled_2"]
    np.testing.assert_array_equal(module.doubled(X1), 2 * X1)


def test_imports_constants_and_what_is_missing_stand_in_this_order():
    class Local:
        pass

    namespace = {
        "np": np,
        "a": np.arange(50.0),
        "OrderedDict": OrderedDict,
        "n": 3,
        "Local": Local,
        "o": OrderedDict,
    }
    assert (
        module_text("def f():\n    return 1\n", "f", namespace)
        == """\
import numpy as np

from collections import OrderedDict
from collections import OrderedDict as o

n = 3
# To be assigned before f is called, from outside as module.name = value:
#     a: float64[50]
#     Local: a class, as in the namespace of the source


def f():
    return 1
"""
    )


def test_names_that_are_not_ascii_are_saved_in_unicode(tmp_path):
    scope = {"fnp": fnp}
    exec("def énergie(θ):\n    return fnp.sin(θ)", scope)
    path = source(scope["énergie"], 0.3).save(tmp_path / "unicode.py")
    assert imported(path).énergie(0.3) == np.sin(0.3)


def test_a_path_that_cannot_be_written_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match="missing"):
        source(grad(cubes), X1).save(tmp_path / "missing" / "file.py")
