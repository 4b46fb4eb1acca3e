"""What is said where Graphviz is missing."""

import sys

import pytest

from fgrad.graphs.graphviz import GraphvizMissingError, hint_once, picture

FIGURE = 'digraph "f" { a -> b }'


@pytest.fixture
def without_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "graphviz", None)


@pytest.fixture
def without_program(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.parametrize("form", ["svg", "png"])
def test_without_the_package_an_error_says_what_to_install(form, without_package):
    with pytest.raises(
        GraphvizMissingError, match=r"needs the package graphviz.*pip install fgrad\[graphviz\]"
    ):
        picture(FIGURE, form)


@pytest.mark.parametrize("form", ["svg", "png"])
def test_without_the_program_an_error_says_what_to_install(form, without_program):
    with pytest.raises(GraphvizMissingError, match=r"needs the program dot.*apt install graphviz"):
        picture(FIGURE, form)


def test_the_hint_comes_once_in_a_session():
    hint_once.cache_clear()
    with pytest.warns(UserWarning, match="shows Mermaid instead of SVG, because Graphviz was not found"):
        hint_once()
    hint_once()  # warnings are errors here
