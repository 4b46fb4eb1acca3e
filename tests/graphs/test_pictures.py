"""Real pictures, for which the program ``dot`` must be there: see ``tests/conftest.py``."""

import shutil
import subprocess
from xml.etree import ElementTree

import pytest

from fgrad import grad, graph
from fgrad.graphs.graphviz import picture, svg_of
from tests.graphs.examples import HOSTILE_ARGS, KEY, MATRICES, W0, chain, hostile, linear, logistic, recurrent
from tests.graphs.test_page import Page

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"
FIGURE = 'digraph "f" { a -> b }'


@pytest.fixture
def dot():
    """Return the path of the program."""
    return shutil.which("dot")


def texts_of(svg):
    root = ElementTree.fromstring(svg)
    return [
        "".join(element.itertext()).translate({0xA0: " ", 0x200B: ""}) for element in root.iter(f"{SVG}text")
    ]


DRAWN = {
    "linear": (graph(linear), (W0, 0.5)),
    "gradient": (graph(grad(logistic)), (W0,)),
    "recurrent": (graph(recurrent), MATRICES),
    "cut": (graph(chain, fold=None, limit=9), (0.5,)),
    "hostile": (graph(hostile, fold=None), HOSTILE_ARGS),
    "hostile lines": (graph(hostile, fold="line"), HOSTILE_ARGS),
    "nothing": (graph(lambda x: "abc"), (1.0,)),
}


@pytest.mark.parametrize("name", DRAWN)
def test_graphviz_reads_the_text_without_a_warning(name, dot):
    drawing, args = DRAWN[name]
    drawn = drawing(*args)
    run = subprocess.run([dot, "-Tplain"], input=drawn.dot, capture_output=True, encoding="utf-8", check=True)
    assert run.stderr == ""
    kinds = [line.split()[0] for line in run.stdout.splitlines()]
    assert kinds.count("node") == len(drawn.view.marks)
    assert kinds.count("edge") == len(drawn.view.edges)


def test_a_picture_has_the_text_of_every_mark():
    drawn = graph(linear)(W0, 0.5)
    texts = texts_of(drawn.svg)
    for mark in drawn.view.marks:
        assert mark.name in texts
        if mark.adjoint is not None:
            assert f"adjoint {mark.adjoint.text()}" in texts
    assert " = X @ w" in [text if text[0] == " " else f" {text}" for text in texts]


def test_nothing_of_a_hostile_text_is_lost_or_takes_effect():
    svg = graph(hostile, fold="line")(*HOSTILE_ARGS).svg
    root = ElementTree.fromstring(svg)
    assert not list(root.iter(f"{SVG}script"))
    texts = texts_of(svg)
    assert "入力" in texts
    assert f"d[{KEY!r}]"[:41] + "..." in texts  # with its backslashes
    titles = [element.get(f"{XLINK}title").replace("\u29f5", "\\") for element in root.iter(f"{SVG}a")]
    line = 'y = np.exp(入力) * len("</pre><script>alert(2)</script> &lt; \\\\N \\\\l %%{init: {}}%% ```")'
    assert line in titles
    title = root.find(f".//{SVG}title").text.translate({0xA0: " ", 0x29F5: "\\"})
    assert title == 'größe <i>"\\N" &amp;   '


def test_a_picture_has_no_background_and_shrinks_to_fit():
    root = ElementTree.fromstring(svg_of(graph(linear)(W0, 0.5).dot))
    assert root.get("style") == "max-width: 100%; height: auto"
    assert root.get("viewBox")
    assert "white" not in {element.get("fill") for element in root.iter()}


def test_a_png_is_one():
    assert picture(FIGURE, "png").startswith(b"\x89PNG\r\n\x1a\n")


def test_pictures_are_saved(tmp_path):
    drawn = graph(linear)(W0, 0.5)
    assert ElementTree.parse(drawn.save(tmp_path / "a.svg")).getroot().tag == f"{SVG}svg"
    assert drawn.save(str(tmp_path / "b.PNG")).read_bytes().startswith(b"\x89PNG")
    page = Page(drawn.save(tmp_path / "c.html").read_text(encoding="utf-8"))
    assert "svg" in page.tags


@pytest.mark.parametrize("fold", [None, "line"])
def test_a_page_with_a_picture_has_no_scripts(fold):
    page = Page(graph(hostile, fold=fold)(*HOSTILE_ARGS).html)
    assert "svg" in page.tags
    assert "script" not in page.tags


def test_a_notebook_gets_a_picture_and_no_hint():
    bundle = graph(linear)(W0, 0.5)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/svg+xml"}
