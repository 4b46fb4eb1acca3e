"""What ``import fgrad`` imports: as little as possible beyond NumPy.

What it costs is measured by ``python -m tests.benchmarks.import_time``; here is why it costs little.  Each
program has an interpreter of its own, in which nothing has been imported yet.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import fgrad
from fgrad.numpy.late import FILES

ROOT = Path(fgrad.__file__).parents[1]

#: Modules of the standard library that take long to import, some of which fgrad uses now and then.
HEAVY = """
argparse ast asyncio concurrent.futures ctypes dataclasses decimal difflib dis doctest email fractions html
http importlib.metadata inspect json linecache logging opcode pprint random shutil socket statistics
subprocess tempfile textwrap threading tokenize traceback unittest urllib.request uuid
""".split()

#: Which of the others it needs from the start; ``importlib`` is frozen into the interpreter.
LIGHT = {"__future__", "cmath", "importlib", "importlib._bootstrap", "importlib._bootstrap_external"}


def run(program):
    """Return what a program prints, in an interpreter of its own."""
    command = [sys.executable, "-W", "error", "-c", program]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def imported(program):
    """Return the modules that a program imports after NumPy."""
    return set(
        json.loads(
            run(
                "import sys, numpy; before = set(sys.modules)\n"
                f"{program}\n"
                "after = sorted(set(sys.modules) - before); import json; print(json.dumps(after))"
            )
        )
    )


@pytest.fixture(scope="module")
def modules():
    """Return what ``import fgrad`` imports after NumPy."""
    return imported("import fgrad, fgrad.numpy; from fgrad import grad, value_and_grad")


def test_importing_fgrad_imports_no_heavy_module_that_numpy_has_not_imported(modules):
    assert modules & set(HEAVY) == set()


def test_importing_fgrad_imports_little_else_but_its_own_modules(modules):
    assert {module for module in modules if module.split(".")[0] != "fgrad"} <= LIGHT


def test_what_waits_is_not_imported(modules):
    assert modules & {f"fgrad.numpy.{file}" for file in FILES} == set()
    assert modules & {"fgrad.kinds", "fgrad.registration", "fgrad.demo"} == set()
    assert [module for module in modules if module.startswith("fgrad.rules.")] == []


def test_a_gradient_imports_no_file_of_functions_that_it_does_not_use():
    found = imported("import fgrad, numpy as np; fgrad.grad(lambda x: np.interp(x, [0, 1], [2, 3]))(0.5)")
    assert {
        "fgrad.numpy.ordering.interpolation",
        "fgrad.rules.elementwise",
        "fgrad.rules.statistics",
    } <= found
    assert (
        found & {"fgrad.numpy.linalg", "fgrad.rules.linalg", "fgrad.numpy.ordering.sets", "fgrad.demo"}
        == set()
    )


def test_numpys_own_late_namespaces_stay_late():
    """Since NumPy 2.0; what NumPy has imported already does not count."""
    found = imported("import fgrad; fgrad.grad(lambda x: x * fgrad.numpy.exp(x))(1.0)")
    assert found & {"numpy.fft", "numpy.random", "numpy.polynomial", "numpy.testing"} == set()


#: Autograd's names of what has another one here.
ALIASES = {
    "egrad": "elementwise_grad",
    "hessian_tensor_product": "hvp",
    "hessian_vector_product": "hvp",
    "vector_jacobian_product": "tensor_jacobian_product",
}


def test_every_public_name_can_be_had():
    for name in fgrad.__all__:
        assert getattr(fgrad, name).__name__ == ALIASES.get(name, name)
    assert set(fgrad.__all__) <= set(dir(fgrad))
    with pytest.raises(AttributeError, match="module 'fgrad' has no attribute 'gradient_of'"):
        fgrad.gradient_of  # noqa: B018 - asking for it is the test


def test_everything_can_be_imported_while_floating_point_errors_are_raised():
    """The first use of a function may stand under any ``np.errstate`` of the user's."""
    program = (
        "import fgrad, numpy as np\nwith np.errstate(all='raise'): fgrad.rules.declare_all()\nprint('done')"
    )
    assert run(program) == "done\n"


def test_threads_that_take_their_first_gradients_together_all_get_them():
    program = """
import fgrad, numpy as np
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
start = Barrier(8)
def work(i):
    start.wait()
    functions = [np.sin, np.linalg.det, np.median, np.cumsum, np.sort, np.sinc, np.matmul, np.interp]
    arguments = {np.matmul: (np.eye(3),), np.interp: (np.arange(3.0), np.arange(3.0))}
    f = functions[i]
    return fgrad.grad(lambda x: np.sum(f(x, *arguments.get(f, ()))))(np.eye(3)).shape
with ThreadPoolExecutor(8) as pool:
    print(list(pool.map(work, range(8))) == [(3, 3)] * 8)
"""
    assert [run(program) for _ in range(3)] == ["True\n"] * 3
