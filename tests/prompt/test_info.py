"""``info`` prints what a function is to fgrad, in 80 columns."""

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import InputError, custom_vjp, defbatch, defjvp, defvjp, grad, info, primitive
from fgrad.core.registry import PRIMITIVES


def told(capsys, thing):
    """Return what is printed of a thing."""
    assert info(thing) is None
    text = capsys.readouterr().out
    assert all(len(line) <= 80 for line in text.splitlines())
    return text


def test_an_elementwise_function_has_its_derivatives_as_formulas(capsys):
    text = told(capsys, fnp.arctan2)
    assert text.startswith("numpy.arctan2: a primitive, arctan2(x, y)\n  elementwise: ")
    x, y = 0.7, -1.3
    formulas = dict(line.strip().split(": ") for line in text.splitlines() if line[:5] in ("  x: ", "  y: "))
    assert np.isclose(eval(formulas["x"], {"np": np, "x": x, "y": y}), y / (x**2 + y**2), rtol=1e-14)
    assert np.isclose(eval(formulas["y"], {"np": np, "x": x, "y": y}), -x / (x**2 + y**2), rtol=1e-14)
    assert "under vmap\n  all examples at once\n" in text
    assert "Element-wise arc tangent of ``x1/x2`` choosing the quadrant correctly." in text
    assert "help(np.arctan2)" in text


@pytest.mark.parametrize("name", ["sum", "tanh", "dot", "sort", "linalg.inv", "fft.fft", "where", "argmax"])
def test_numpys_function_and_ours_tell_the_same(capsys, name):
    ours, numpys = fnp, np
    for part in name.split("."):
        ours, numpys = getattr(ours, part), getattr(numpys, part)
    text = told(capsys, ours)
    assert text == told(capsys, numpys)
    assert text.startswith(f"numpy.{name}: ")


def test_a_function_that_is_no_primitive_names_those_it_is_made_of(capsys):
    text = told(capsys, np.dot)
    assert "made of other operations" in text
    assert "matmul(x, y): multilinear" in text
    assert "svdvals(a): by rules of its own" in told(capsys, np.linalg.norm)


def test_constant_and_refused_functions_say_so(capsys):
    assert "constant between its steps: the derivative is zero" in told(capsys, np.argmax)
    assert "its derivative is zero" in told(capsys, np.zeros_like)
    refused = told(capsys, np.save)
    assert refused.startswith("numpy.save: refuses traced values\n  ")
    assert "savetxt" in refused or "plain" in refused or "Return" in refused


def test_rules_that_are_functions_are_named_with_their_place(capsys):
    text = told(capsys, np.sum)
    assert "transpose: Return the cotangent of a sum" in text
    assert "fgrad/rules/reductions.py:" in text


def test_a_users_primitive_goes_through_its_stages(capsys):
    @primitive
    def heron(x, steps=30):
        """Return the root of a number.

        By iteration.
        """
        return x**0.5

    assert repr(heron) == "<primitive heron(x, steps=30): no rule yet>"
    text = told(capsys, heron)
    assert "without a rule so far: defvjp or defjvp registers one" in text
    assert "one example after the other: defbatch registers a rule" in text
    assert "Return the root of a number.\n  By iteration.\n" in text
    defvjp(heron, lambda ans, x, steps=30: lambda g: g / (2 * ans))
    defjvp(heron, "same", argnums=[1])
    defbatch(heron, lambda x, steps: x**0.5)
    assert repr(heron) == "<primitive heron(x, steps=30): VJP of x, JVP of steps>"
    text = told(capsys, heron)
    assert "argument 0 ('x'): VJP (" in text
    assert "argument 1 ('steps'): JVP 'same': linear in this argument" in text
    assert "all examples at once" in text


def test_a_function_with_a_custom_rule_and_a_transformed_one(capsys):
    @custom_vjp
    def cube(x):
        """Return the cube."""
        return x**3

    cube.defvjp(lambda x: (x**3, x), lambda x, g: (3 * g * x**2,))
    assert told(capsys, cube).startswith("cube(x): custom_vjp\n")
    text = told(capsys, grad(cube))
    assert text.startswith("<grad(cube)(x)>\n  Gradient of cube with respect to argument 0.\n")
    assert "Return the cube." in text


def test_a_primitive_itself(capsys):
    assert told(capsys, PRIMITIVES[np.exp]).startswith("exp: a primitive, exp(x)\n")


@pytest.mark.parametrize("thing", [3, "np.sum", None, lambda x: x])
def test_what_it_knows_nothing_of_is_refused(thing):
    with pytest.raises(InputError, match=r"info tells about .*fgrad\.graph\(f\)\(x\) shows"):
        info(thing)


def test_a_custom_function_without_a_rule_says_how_it_gets_one(capsys):
    @custom_vjp
    def same(x):
        return x

    assert "without a rule so far: same.defvjp(forward, backward) gives it one" in told(capsys, same)


def test_random_functions_tell_whether_their_draws_move(capsys):
    moving = told(capsys, fnp.random.multivariate_normal)
    assert moving.startswith(
        "fgrad.numpy.random.multivariate_normal: works on traced values\n  The draws move"
    )
    assert "accepted or rejected" in told(capsys, fnp.random.gamma)
    assert "Call fgrad.numpy.random.normal." in told(capsys, np.random.normal)


def test_a_class_of_ours_in_the_place_of_numpys_is_told_of(capsys):
    assert told(capsys, fnp.vectorize).startswith("fgrad.numpy.vectorize: works on traced values\n")
    assert told(capsys, np.vectorize).startswith("numpy.vectorize: refuses traced values\n")


def test_sections_of_an_indented_docstring_are_left_out(capsys):
    text = told(capsys, np.save)
    assert "Save an array to a binary file" in text
    assert "Parameters" not in text
