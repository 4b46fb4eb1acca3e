"""Tests of :mod:`fgrad.rules`: of all of them, so what is imported late is imported here."""

from fgrad.rules import declare_all

declare_all()
