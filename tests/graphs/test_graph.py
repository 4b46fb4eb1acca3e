import os
import resource
import time
import tracemalloc
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

import fgrad
import fgrad.numpy as fnp
from fgrad import grad, graph, vmap
from fgrad.core.errors import ArgumentError, InputError
from fgrad.graphs.graphviz import GraphvizMissingError, hint_once
from tests.graphs.examples import HOSTILE_ARGS, MATRICES, W0, X, halved, hostile, linear, recurrent, targets


@pytest.fixture(params=["package", "program"])
def without_graphviz(request, monkeypatch, tmp_path):
    """One of the halves of Graphviz is missing."""
    if request.param == "package":
        monkeypatch.setitem(__import__("sys").modules, "graphviz", None)
    else:
        monkeypatch.setenv("PATH", str(tmp_path))
    hint_once.cache_clear()


# what it shows


def test_print_shows_the_table_and_repr_says_what_it_is():
    drawn = graph(linear)(W0, 0.5)
    assert str(drawn) == drawn.table
    assert repr(drawn) == "<computational graph of linear: 5 operations; print it, or .save('graph.svg')>"


def test_the_graph_that_was_captured_can_be_run():
    drawn = graph(linear)(W0, 0.5)
    np.testing.assert_allclose(drawn.captured(W0 + 1, 0.0), np.mean((X @ (W0 + 1) - targets) ** 2))


def test_arguments_may_be_given_by_name():
    assert "b     " in str(graph(linear)(w=W0, b=0.5))


def test_a_function_that_decides_by_values_says_that_it_holds_for_this_input():
    drawn = graph(halved)(1.5)
    for form in (drawn.table, drawn.dot, drawn.mermaid, drawn.html):
        assert "holds for this input" in form


def test_a_graph_of_a_graph_inside_of_other_transforms_has_plain_values():
    tables = []

    def f(x):
        tables.append(str(graph(lambda y: fnp.sum(y * y))(x)))
        return fnp.sum(x * x)

    np.testing.assert_allclose(grad(f)(np.ones(3)), 2 * np.ones(3))
    np.testing.assert_allclose(vmap(f)(np.ones((4, 3))), 3 * np.ones(4))
    assert "[2 2 2]" in tables[0]
    assert "all 2" in tables[1]  # of all the examples
    assert "(3,)" in tables[1]


def test_what_is_no_function_is_refused():
    with pytest.raises(InputError, match="graph takes a function; got int"):
        graph(3)


def test_it_is_public_and_documented():
    assert fgrad.graph is graph
    assert "ComputationalGraph" in graph.__doc__
    assert graph(linear).__doc__.startswith("The computational graph of")


@pytest.mark.parametrize("result", [3.0, 2, "abc", None, (), [1.0, {"a": "b"}]])
def test_a_function_without_a_traced_result_has_a_graph(result):
    drawn = graph(lambda x: result)(1.0)
    for form in (drawn.table, drawn.dot, drawn.mermaid, drawn.html):
        assert "no adjoints" in form


def test_nothing_of_the_arguments_is_changed():
    w = W0.copy()
    graph(linear)(w, 0.5)
    assert np.array_equal(w, W0)


# notebooks


def test_without_graphviz_a_notebook_gets_mermaid_and_one_hint(without_graphviz):
    drawn = graph(linear)(W0, 0.5)
    with pytest.warns(UserWarning, match=r"Install both halves of Graphviz: pip install fgrad\[graphviz\]"):
        bundle = drawn._repr_mimebundle_()
    again = graph(recurrent)(*MATRICES)._repr_mimebundle_(include=None, exclude=None)  # warnings are errors
    assert bundle == {"text/plain": drawn.table, "text/markdown": f"```mermaid\n{drawn.mermaid}```"}
    assert set(again) == {"text/plain", "text/markdown"}


def test_without_graphviz_pictures_raise_and_say_what_to_do(without_graphviz, tmp_path):
    drawn = graph(linear)(W0, 0.5)
    with pytest.raises(GraphvizMissingError, match="apt install graphviz"):
        _ = drawn.svg
    for name in ("x.png", "x.svg"):
        with pytest.raises(GraphvizMissingError, match="Install both halves of Graphviz"):
            drawn.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []
    assert isinstance(GraphvizMissingError(""), fgrad.FgradError)


def test_without_graphviz_the_other_forms_are_there(without_graphviz, tmp_path):
    drawn = graph(linear)(W0, 0.5)
    assert "<svg" not in drawn.html
    for name in ("x.dot", "x.mmd", "x.txt", "x.html"):
        assert drawn.save(tmp_path / name).stat().st_size > 100


# files


def test_text_forms_are_saved_as_they_are(tmp_path):
    drawn = graph(hostile)(*HOSTILE_ARGS)
    expected = {"dot": drawn.dot, "mmd": drawn.mermaid, "txt": drawn.table + "\n"}
    for ending, text in expected.items():
        path = tmp_path / f"größe.{ending}"
        assert drawn.save(str(path)) == path
        assert path.read_bytes() == text.encode()


def test_a_file_that_is_there_is_written_anew(tmp_path):
    path = tmp_path / "a.dot"
    path.write_text("x" * 10_000)
    drawn = graph(linear)(W0, 0.5)
    drawn.save(path)
    assert path.read_text() == drawn.dot


@pytest.mark.parametrize("name", ["graph", "graph.pdf", "graph.svg.bak", "svg", ".svg", ""])
def test_another_ending_is_refused_with_the_ones_there_are(name, tmp_path):
    with pytest.raises(ArgumentError, match=r"ends in .svg, .png, .dot, .mmd, .html, .txt; got"):
        graph(linear)(W0, 0.5).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@contextmanager
def as_a_user():
    """Without the rights of root, for whom no directory is read-only."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_path_that_cannot_be_written_raises_and_leaves_nothing(tmp_path):
    drawn = graph(linear)(W0, 0.5)
    (tmp_path / "file").write_text("")
    (tmp_path / "directory.dot").mkdir()
    with pytest.raises(FileNotFoundError):
        drawn.save(tmp_path / "missing" / "a.dot")
    with pytest.raises(NotADirectoryError):
        drawn.save(tmp_path / "file" / "a.dot")
    with pytest.raises(IsADirectoryError):
        drawn.save(tmp_path / "directory.dot")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["directory.dot", "file"]


def test_a_directory_that_is_read_only_raises(tmp_path):
    drawn = graph(linear)(W0, 0.5)
    assert drawn.dot
    tmp_path.chmod(0o555)
    try:
        with as_a_user(), pytest.raises(PermissionError):
            drawn.save(tmp_path / "a.dot")
    finally:
        tmp_path.chmod(0o755)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_could_not_be_written_to_its_end_is_not_left(tmp_path):
    drawn = graph(linear)(W0, 0.5)
    content = drawn.dot
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(content) // 2, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            drawn.save(tmp_path / "a.dot")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_a_content_that_cannot_be_made_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    path = Path(tmp_path / "a.svg")
    path.write_text("before")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GraphvizMissingError):
        graph(linear)(W0, 0.5).save(path)
    assert path.read_text() == "before"


# large ones


def test_a_hundred_thousand_operations_are_drawn_in_seconds():
    def long(x):
        for _ in range(50_000):
            x = fnp.sin(x) * 1.0001
        return x

    start = time.process_time()
    drawn = graph(long)(0.5)
    table, dot, mermaid = drawn.table, drawn.dot, drawn.mermaid
    elapsed = time.process_time() - start
    assert len(drawn.captured.nodes) == 100_000
    assert "100000 operations: x = fnp.sin(x) * 1.0001" in table
    assert max(len(dot), len(mermaid)) < 2000
    value, slope = 0.5, 1.0
    for _ in range(50_000):
        value, slope = np.sin(value) * 1.0001, slope * np.cos(value) * 1.0001
    np.testing.assert_allclose(drawn.adjoints[drawn.captured.inputs[0]].elements[0], slope, rtol=1e-9)
    assert elapsed < 20  # about 5 on one core of a laptop


def test_a_large_argument_is_not_copied():
    """With 200 MB: where 1 GB fits, the factors are the same."""
    x = np.random.default_rng(0).normal(size=25_000_000)

    def loss(x):
        return fnp.sum(x * x)

    def peak_of(run):
        tracemalloc.start()
        kept = run(x)
        _, peak = tracemalloc.get_traced_memory()
        now, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert kept is not None
        return peak / x.nbytes, now / x.nbytes

    peak, now = peak_of(graph(loss, adjoints=False))
    assert peak < 1.01  # the product x * x
    assert now < 0.01
    own, _ = peak_of(grad(loss))
    peak, now = peak_of(lambda x: graph(loss)(x).table)
    assert peak < own + 1.01
    assert now < 0.01
