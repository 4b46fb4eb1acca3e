"""A graph as a page of HTML that stands alone: the picture, if there is one, and the table."""

from __future__ import annotations

from html import escape

_STYLE = """\
:root { color-scheme: light dark; }
body { font-family: Helvetica, Arial, sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em; }
figure { margin: 0; overflow-x: auto; }
pre { font-size: 0.9em; overflow-x: auto; }
"""


def page_of(title: str, svg: str | None, table: str) -> str:
    """Return the page.

    Parameters
    ----------
    title : str
    svg : str or None
        The picture.
    table : str
        The same as text.
    """
    figure = f"<figure>{svg[svg.index('<svg') :]}</figure>\n" if svg is not None else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f"<style>\n{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n{figure}"
        f"<pre>{escape(table)}</pre>\n</body>\n</html>\n"
    )
