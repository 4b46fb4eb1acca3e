"""The progress bar of a long run, by tqdm.

Nothing is imported and nothing is drawn before a run has taken a second, unless a bar is asked for.

>>> with Progress(False, "an example", 3) as bar:
...     bar.show(1, 0.5)
"""

from __future__ import annotations

import sys
import time
from importlib import import_module
from importlib.util import find_spec
from types import TracebackType
from typing import Any

import numpy as np

from fgrad.core.box import bottom
from fgrad.core.errors import InputError

#: Seconds that a run takes before it counts as long.
PATIENCE = 1.0


class Progress:
    """A bar that appears when it is wanted, as a context.

    Parameters
    ----------
    wanted : bool or None
        None: after a second, if tqdm is installed and the output is a terminal or a notebook.
    name : str
        What stands before the bar.
    total : int, optional
        The number of iterations, if it is known.

    Raises
    ------
    ImportError
        If ``wanted`` is true and tqdm is not installed.
    """

    def __init__(self, wanted: bool | None, name: str, total: int | None) -> None:
        if wanted is not None and not isinstance(wanted, bool | np.bool_):
            raise InputError(f"{name}: progress must be None, True or False; got {wanted!r}")
        self.name, self.total = name, total
        self.bar: Any = None
        self.began = time.monotonic()
        self.waiting = wanted is None and (is_terminal() or is_notebook())
        if wanted:
            try:
                self.open(0)
            except ImportError as error:
                raise ImportError(
                    f"{name}: progress=True needs tqdm, which is not installed. "
                    "Install it with: pip install 'fgrad[progress]'"
                ) from error

    def open(self, done: int) -> None:
        """Draw the bar of a run that has come as far as ``done``."""
        # tqdm.auto would choose the same, but warns in a notebook that has no widgets.
        widgets = is_notebook() and find_spec("ipywidgets") is not None
        tqdm = import_module("tqdm.notebook" if widgets else "tqdm").tqdm
        self.bar = tqdm(total=self.total, initial=done, desc=self.name)

    def show(self, done: int, value: Any = None) -> None:
        """Say how many iterations are done, and the function's value if it is known."""
        if self.waiting and time.monotonic() - self.began > PATIENCE:
            self.waiting = False
            try:
                self.open(done)
            except ImportError:
                return
        if self.bar is not None:
            value = bottom(value)
            if isinstance(value, int | float | np.number | np.ndarray) and np.ndim(value) == 0:
                self.bar.set_postfix_str(f"{value:.6g}", refresh=False)
            self.bar.update(done - self.bar.n)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.close()


def is_terminal() -> bool:
    """Say whether both streams are terminals: a bar would spoil what is piped, or looked at page by page."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdout, sys.stderr))


def is_notebook() -> bool:
    """Say whether this is the kernel of a notebook, which nobody but IPython can know."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return "IPKernelApp" in getattr(shell, "config", ())
