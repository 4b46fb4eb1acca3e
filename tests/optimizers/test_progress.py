import io
import sys
import types

import numpy as np
import pytest

from fgrad import InputError, grad
from fgrad.optimizers import adam, minimize, progress
from fgrad.optimizers.progress import Progress, is_notebook, is_terminal


@pytest.fixture
def terminal(monkeypatch):
    """Make the output a terminal, on which every run is long."""
    monkeypatch.setattr(progress, "is_terminal", lambda: True)
    monkeypatch.setattr(progress, "PATIENCE", -1.0)


def run(callback=None, **options):
    return adam(grad(lambda x: x**2), 1.0, callback, num_iters=7, **options)


def test_nothing_is_written_where_the_output_is_no_terminal(monkeypatch, capfd):
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    run()
    minimize(lambda x: x**2, 1.0)
    assert capfd.readouterr() == ("", "")


def test_a_long_run_on_a_terminal_shows_a_bar(terminal, capfd):
    run()
    out, err = capfd.readouterr()
    assert out == ""
    assert "adam: 100%" in err
    assert "7/7" in err


def test_a_short_run_on_a_terminal_does_not_even_import_tqdm(monkeypatch, capfd):
    monkeypatch.setattr(progress, "is_terminal", lambda: True)
    monkeypatch.setattr(progress, "import_module", pytest.fail)
    run()
    assert capfd.readouterr() == ("", "")


def test_a_bar_can_be_refused(terminal, capfd):
    run(progress=False)
    assert capfd.readouterr() == ("", "")


def test_a_bar_can_be_asked_for(capfd):
    run(progress=True)
    assert "adam: 100%" in capfd.readouterr().err


def test_the_bar_shows_the_number_that_the_callback_returns(capfd):
    run(lambda x, i, g: 0.125, progress=True)
    assert "0.125" in capfd.readouterr().err


@pytest.mark.parametrize("value", ["done", None, np.ones(3)])
def test_anything_else_that_the_callback_returns_is_not_shown(capfd, value):
    run(lambda x, i, g: value, progress=True)
    tail = capfd.readouterr().err.rsplit("7/7", 1)[1]
    assert "," not in tail.partition("it/s")[2]


def test_the_bar_of_minimize_shows_the_value_of_the_function(capfd):
    minimize(lambda x: (x - 1.0) ** 2 + 0.375, 3.0, progress=True)
    err = capfd.readouterr().err
    assert "minimize: " in err
    assert "0.375" in err


def test_a_bar_is_closed_when_the_run_fails(capfd):
    def fail(x, i, g):
        if i == 3:
            raise KeyError("of the callback")

    with pytest.raises(KeyError):
        run(fail, progress=True)
    err = capfd.readouterr().err
    assert "3/7" in err
    assert err.endswith("\n")


def test_a_traced_value_is_shown_as_a_number(capfd):
    def end(step_size):
        return run(lambda x, i, g: x * 0.0 + 0.125, step_size=step_size, progress=True)

    assert grad(end)(0.1) != 0.0
    assert "0.125" in capfd.readouterr().err


def test_a_run_goes_on_without_tqdm(terminal, monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert run() == run(progress=False)
    assert capfd.readouterr() == ("", "")


def test_a_bar_that_is_asked_for_without_tqdm_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    with pytest.raises(ImportError, match=r"adam: progress=True needs tqdm.*pip install 'fgrad\[progress\]'"):
        run(progress=True)


def test_other_values_are_refused():
    with pytest.raises(InputError, match="adam: progress must be None, True or False; got 'yes'"):
        run(progress="yes")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("out", "err", "expected"),
    [
        (Terminal(), Terminal(), True),
        (Terminal(), io.StringIO(), False),
        (io.StringIO(), Terminal(), False),
        (None, None, False),
    ],
)
def test_the_output_is_a_terminal_if_both_streams_are(monkeypatch, out, err, expected):
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    assert is_terminal() is expected


@pytest.mark.parametrize(
    ("shell", "expected"),
    [
        (types.SimpleNamespace(config={"IPKernelApp": {}}), True),
        (types.SimpleNamespace(config={"TerminalIPythonApp": {}}), False),
        (None, False),
    ],
)
def test_a_notebook_is_known_by_the_kernel(monkeypatch, shell, expected):
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))
    assert is_notebook() is expected


def test_without_ipython_there_is_no_notebook(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert is_notebook() is False


def test_a_bar_that_appears_late_begins_where_the_run_is(monkeypatch, terminal, capfd):
    with Progress(None, "late", 10) as bar:
        bar.show(6)
        bar.show(10)
    assert "6/10" in capfd.readouterr().err


@pytest.mark.parametrize(("installed", "module"), [(object(), "tqdm.notebook"), (None, "tqdm")])
def test_a_notebook_with_widgets_has_a_bar_of_widgets(monkeypatch, installed, module):
    made = []
    monkeypatch.setattr(progress, "is_notebook", lambda: True)
    monkeypatch.setattr(progress, "find_spec", lambda name: installed)
    monkeypatch.setattr(
        progress, "import_module", lambda name: types.SimpleNamespace(tqdm=lambda **_: made.append(name))
    )
    Progress(True, "adam", 3)
    assert made == [module]
