"""Imports point down the layers only, and stand at the top of the module."""

import ast
from pathlib import Path

import pytest

import fgrad

PACKAGE = Path(fgrad.__file__).parent

#: Lowest first.  A module may import from its own layer and from those below it.
LAYERS = [
    "core",
    "ir",
    "modes",
    "kinds",
    "registration",
    "custom_rules",
    "numpy",
    "rules",
    "transforms",
    "debugging",
    "sources",
    "graphs",
    "prompt",
    "testing",
    "implicit",
    "optimizers",
    "",
    "demo",
    "__main__",
]
MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path):
    return path.relative_to(PACKAGE).as_posix()


def layer_of(module):
    """Return the layer of ``fgrad.modes.tape``: its first name; the package itself is one too."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in LAYERS else ""


def imported_modules(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def test_every_folder_is_a_known_layer():
    found = {path.name.removesuffix(".py") for path in PACKAGE.iterdir() if path.suffix in ("", ".py")}
    assert found - {"__pycache__", "__init__"} == set(LAYERS) - {""}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_down(path):
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py").replace("__init__", "")
    broken = [
        f"{name_of(path)}:{line} imports {module}, but {layer_of(module) or 'fgrad'} is above {own}"
        for module, line in imported_modules(ast.parse(path.read_text()))
        if module.split(".")[0] == "fgrad" and LAYERS.index(layer_of(module)) > LAYERS.index(own)
    ]
    assert broken == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_stand_at_the_top(path):
    tree = ast.parse(path.read_text())
    nested = {
        node.lineno
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert nested == set(), f"{name_of(path)} imports inside a function"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text())), f"{name_of(path)} has no docstring"
