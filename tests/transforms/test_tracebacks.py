"""Errors come out of transforms with the user's frames, one of fgrad's, and the name of the operation."""

import subprocess
import sys
import traceback
from pathlib import Path

import numpy as np
import pytest

import fgrad
import fgrad.numpy as fnp
from fgrad import (
    ArgumentError,
    InputError,
    OutputError,
    capture,
    checkpoint,
    elementwise_grad,
    grad,
    graph,
    hessian,
    jacobian,
    jvp,
    linearize,
    make_ggnvp,
    make_jvp,
    make_vjp,
    source,
    vjp,
    vmap,
)

A = np.ones((4, 5))
W = np.ones(3)


def model(w):
    return fnp.dot(A, w)


def loss(w):
    return np.sum(model(w))


def frames_of(error):
    """Return the names of the functions in a traceback, ``fgrad`` for a frame of fgrad's."""
    ours = str(Path(fgrad.__file__).parent)
    return [
        "fgrad" if frame.filename.startswith(ours) else frame.name
        for frame in traceback.extract_tb(error.__traceback__)
    ]


TRANSFORMED = {
    "grad": grad(loss),
    "jacobian": jacobian(loss),
    "hessian": hessian(loss),
    "vmap of grad": vmap(grad(loss), in_axes=None),
    "grad of grad": grad(lambda w: np.sum(grad(loss)(w))),
    "checkpoint": grad(checkpoint(loss)),
    "elementwise_grad": elementwise_grad(loss),
    "vjp": lambda w: vjp(loss, w),
    "jvp": lambda w: jvp(loss, (w,), (w,)),
}


@pytest.mark.parametrize("name", set(TRANSFORMED) - {"vmap of grad"})
def test_the_traceback_has_the_users_frames_and_one_of_ours(name):
    with pytest.raises(ValueError, match="matmul") as caught:
        TRANSFORMED[name](W)
    frames = frames_of(caught.value)
    assert frames.count("fgrad") == 1
    assert frames[-2:] == ["loss", "model"]
    assert caught.value.__notes__ == ["in fgrad's matmul of float64[4,5] and float64[3]"]


def test_an_error_of_the_users_own_keeps_its_cause_and_its_context():
    def fails(x):
        try:
            {}["key"]
        except KeyError as error:
            if x > 0:
                raise RuntimeError("with a cause") from error
            raise RuntimeError("in the middle of another")  # noqa: B904

    for x, has_cause in ((1.0, True), (-1.0, False)):
        with pytest.raises(RuntimeError) as caught:
            grad(fails)(x)
        assert frames_of(caught.value)[1:] == ["fgrad", "fails"]
        assert (caught.value.__cause__ is not None) == has_cause
        assert isinstance(caught.value.__context__, KeyError)
        assert caught.value.__suppress_context__ == has_cause
        assert not hasattr(caught.value, "__notes__")


def test_our_own_errors_need_no_note():
    for function, kind in ((lambda x: x, OutputError), ("text", InputError)):
        with pytest.raises(kind) as caught:
            grad(function)(W) if callable(function) else grad(lambda x: x)(function)
        assert frames_of(caught.value)[1:] == ["fgrad"]
        assert not hasattr(caught.value, "__notes__")


def test_the_way_back_is_not_shown_either():
    @fgrad.primitive
    def double(x):
        return 2 * x

    fgrad.defvjp(double, lambda ans, x: lambda g: {}["missing"])
    with pytest.raises(KeyError) as caught:
        grad(lambda x: double(x) * 3.0)(1.0)
    assert frames_of(caught.value)[1:] == ["fgrad", "<lambda>"]


@pytest.mark.parametrize(
    "make",
    [
        lambda f: vjp(f, 1.0)[1],
        lambda f: make_vjp(f)(1.0)[0],
        lambda f: linearize(f, 1.0)[1],
        lambda f: make_jvp(f)(1.0),
        lambda f: make_ggnvp(f, lambda y: y**2)(1.0),
    ],
)
def test_an_error_of_a_function_that_a_transform_returned_is_short_too(make):
    @fgrad.primitive
    def double(x):
        return 2 * x

    def fails(g):
        if type(g) is not float:
            raise KeyError("missing")
        return 2 * g

    fgrad.defvjp(double, lambda ans, x: lambda g: fails({"g": g}))
    with pytest.raises(KeyError, match="missing") as caught:
        make(lambda x: double(x) * 3.0)(1.0)
    frames = frames_of(caught.value)
    assert frames.count("fgrad") == 1
    assert frames[-1] == "fails"


def test_an_error_while_a_graph_or_code_is_made_is_short_too():
    for show in (lambda: source(grad(loss), W), lambda: graph(loss)(W), lambda: capture(loss)(W)):
        with pytest.raises(ValueError, match="matmul") as caught:
            show()
        frames = frames_of(caught.value)
        assert frames.count("fgrad") == 1
        assert frames[-2:] == ["loss", "model"]


def test_a_graph_that_is_called_with_another_shape_raises_in_one_frame_of_ours():
    captured = capture(np.sum)(W)
    with pytest.raises(ArgumentError, match="captured with") as caught:
        captured(np.ones(4))
    assert frames_of(caught.value)[1:] == ["fgrad"]


@pytest.mark.parametrize("explicit", [True, False])
def test_the_cause_of_an_error_of_the_users_is_short_too(explicit):
    def fails(w):
        try:
            return loss(w)
        except ValueError as error:
            if explicit:
                raise RuntimeError("no loss") from error
            raise RuntimeError("no loss")  # noqa: B904

    with pytest.raises(RuntimeError, match="no loss") as caught:
        grad(fails)(W)
    inner = caught.value.__context__
    assert frames_of(inner) == ["fails", "loss", "model"]
    assert inner.__notes__ == ["in fgrad's matmul of float64[4,5] and float64[3]"]


def test_an_error_of_numpys_that_the_user_was_handling_is_left_alone():
    def handles():
        try:
            np.linalg.inv(np.zeros((2, 2)))
        except np.linalg.LinAlgError:
            grad(loss)(W)

    with pytest.raises(ValueError, match="matmul") as caught:
        handles()
    frames = frames_of(caught.value.__context__)
    assert frames[:2] == ["handles", "inv"]
    assert len(frames) > 2


def test_everything_is_shown_on_demand(monkeypatch):
    monkeypatch.setenv("FGRAD_TRACEBACK", "full")
    with pytest.raises(ValueError, match="matmul") as caught:
        grad(loss)(W)
    assert frames_of(caught.value).count("fgrad") > 4


def test_what_python_prints_is_short(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "import numpy as np\nfrom fgrad import grad\n\n"
        "def loss(w):\n    return np.sum(w @ np.ones(2))\n\n"
        "grad(loss)(np.ones(3))\n"
    )
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=False)
    lines = [line for line in done.stderr.splitlines() if line.startswith("  File")]
    assert len(lines) == 3
    assert "in fgrad's matmul of float64[3] and float64[2]" in done.stderr
