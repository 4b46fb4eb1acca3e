import numpy as np

from fgrad.core.registry import PRIMITIVES, register


def test_a_registered_function_is_found_by_the_function():
    def fresh(x):
        return x

    made = register(fresh, "fresh", "x")
    try:
        assert PRIMITIVES[fresh] is made
        assert (made.name, made.argnames) == ("fresh", ("x",))
    finally:
        del PRIMITIVES[fresh]


def test_the_rules_of_numpys_functions_are_registered():
    assert PRIMITIVES[np.exp].argnames == ("x",)
