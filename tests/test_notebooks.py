"""The notebooks run, and are kept with the outputs of a run in which nothing failed.

Here their cells are run in this interpreter, with warnings as errors.  ``.ci/run`` runs them once more, from
a clean kernel each.
"""

import ast
import json
import linecache
from pathlib import Path

import matplotlib
import matplotlib.pyplot as pyplot
import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def cells_of(path, kind="code"):
    return [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == kind]


def text_of(cell):
    return "".join(cell["source"])


def run(text, name, scope):
    """Run a cell, and return the value of its last line if that is an expression."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    tree = ast.parse(text, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), scope)
    return eval(compile(ast.Expression(last.value), name, "eval"), scope) if last else None


def test_there_are_six():
    assert [path.name[0] for path in NOTEBOOKS] == list("123456")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_without_a_warning(path):
    matplotlib.use("Agg")
    scope = {"__name__": "__main__"}
    for i, cell in enumerate(cells_of(path)):
        shown = run(text_of(cell), f"<{path.stem} cell {i}>", scope)
        if hasattr(shown, "_repr_mimebundle_"):
            assert shown._repr_mimebundle_()["text/plain"]
    pyplot.close("all")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_kept_with_the_outputs_of_a_whole_run(path):
    cells = [cell for cell in cells_of(path) if text_of(cell).strip()]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert len(outputs) >= len(cells) // 2
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    assert any("image/png" in output.get("data", {}) for output in outputs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_says_what_it_needs_and_is_short(path):
    notes = " ".join(" ".join(map(text_of, cells_of(path, "markdown"))).split())
    assert 'pip install ".[notebooks]"' in notes
    assert len(cells_of(path)) <= 25
    assert path.stat().st_size < 600_000
