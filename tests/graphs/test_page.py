from html.parser import HTMLParser

import pytest

from fgrad import graph
from fgrad.graphs.page import page_of
from tests.graphs.examples import HOSTILE_ARGS, hostile

_EMPTY = {"meta"}
SVG = '<?xml version="1.0"?>\n<!DOCTYPE svg>\n<svg width="9pt"><g><text>a &lt; b</text></g></svg>\n'


class Page(HTMLParser):
    """The tags of a page, which must be closed in order, and the texts in them."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.texts = [], [], {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open:
            self.texts[self.open[-1]] = self.texts.get(self.open[-1], "") + data


def test_a_page_has_the_picture_and_the_table():
    page = Page(page_of("The graph of f", SVG, "a < b\n-----"))
    assert page.texts["title"] == page.texts["h1"] == "The graph of f"
    assert page.texts["pre"] == "a < b\n-----"
    assert page.texts["text"] == "a < b"
    assert page.tags.index("figure") < page.tags.index("svg") < page.tags.index("pre")


def test_the_declarations_of_the_picture_are_not_in_the_page():
    text = page_of("f", SVG, "")
    assert "<?xml" not in text
    assert text.count("<!DOCTYPE") == 1


def test_without_a_picture_there_is_the_table():
    page = Page(page_of("f", None, "table"))
    assert "figure" not in page.tags
    assert page.texts["pre"] == "table"


def test_a_page_takes_the_colours_of_the_reader():
    assert "color-scheme: light dark" in page_of("f", None, "")


@pytest.mark.parametrize("fold", [None, "line"])
def test_html_in_names_and_lines_is_text(fold, monkeypatch):
    monkeypatch.setenv("PATH", "")  # without a picture; test_graphviz has one
    drawn = graph(hostile, fold=fold)(*HOSTILE_ARGS)
    page = Page(drawn.html)
    assert page.tags == ["html", "head", "meta", "title", "style", "body", "h1", "pre"]
    assert page.texts["title"] == page.texts["h1"] == 'The graph of größe <i>"\\N" &amp;   '
    assert page.texts["pre"] == drawn.table
