"""Programs that write into arrays, in NumPy code: ``program(np, x)`` with NumPy or fgrad.numpy for ``np``."""

from tests.numpy.places.writing_programs import elements, functions, operators, views
from tests.numpy.places.writing_programs.functions import MASK
from tests.numpy.places.writing_programs.registry import PROGRAMS

__all__ = ["MASK", "PROGRAMS", "elements", "functions", "operators", "views"]
