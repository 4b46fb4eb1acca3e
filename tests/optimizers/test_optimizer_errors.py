"""What optimisers refuse, and what they say."""

from dataclasses import dataclass

import numpy as np
import pytest

from fgrad import ArgumentError, InputError, OutputError, grad
from fgrad.optimizers import SGD, Adam, AdamW, Momentum, RMSprop, adam, sgd

RULES = [SGD, Momentum, RMSprop, Adam, AdamW]


@dataclass
class Layer:
    w: np.ndarray
    b: object


@pytest.mark.parametrize("wrong", [-1, np.int64(-5)])
def test_a_negative_number_of_iterations_is_refused(wrong):
    with pytest.raises(ArgumentError, match=rf"adam: num_iters must not be negative; got {wrong}"):
        adam(lambda x: x, 1.0, num_iters=wrong)


@pytest.mark.parametrize("wrong", [2.0, "3", None])
def test_a_number_of_iterations_must_be_an_int(wrong):
    with pytest.raises(InputError, match="sgd: num_iters must be an int; got"):
        sgd(lambda x: x, 1.0, num_iters=wrong)


@pytest.mark.parametrize("wrong", [np.ones(2), 3.0, None])
def test_a_gradient_that_is_no_function_is_refused(wrong):
    with pytest.raises(InputError, match=r"adam: grad must be a function of \(x, i\) or of x, such as fgrad"):
        adam(wrong, 1.0)


@pytest.mark.parametrize(
    ("x0", "message"),
    [
        ({"w": ["text"]}, r"adam: x0\['w'\]\[0\] is a str, and not a number.*Keep it out of the container"),
        ([1.0, True], r"adam: x0\[1\] is a bool"),
        ([np.array([True])], r"adam: x0\[0\] is an array of dtype bool"),
        (Layer(np.ones(2), print), r"adam: x0\.b is a builtin_function_or_method"),
        ({}, r"adam: x0 holds no numbers; got \{\}"),
        (None, "adam: x0 holds no numbers; got None"),
        (np.ma.ones(2), "adam: x0 is a MaskedArray"),
    ],
)
def test_a_start_that_is_not_of_numbers_is_refused_by_its_path(x0, message):
    with pytest.raises(InputError, match=message):
        adam(lambda x: x, x0)


@pytest.mark.parametrize(
    ("gradient", "kind", "message"),
    [
        (
            {"w": np.ones(2)},
            InputError,
            r"adam: gradient has other entries.*\['w'\]; needed are \['w'\], \['b'\]",
        ),
        ([np.ones(2), 1.0], InputError, "adam: gradient must be a dict, like what it belongs to; got list"),
        (np.ones(3), InputError, "adam: gradient must be a dict, like what it belongs to; got ndarray"),
        ({"w": np.ones(3), "b": 1.0}, ArgumentError, r"adam: gradient\['w'\] has shape \(3,\).*\(2,\)"),
        ({"w": 1.0, "b": 1.0}, ArgumentError, r"adam: gradient\['w'\] has shape \(\).*\(2,\)"),
        ({"w": np.ones(2), "b": None}, InputError, r"adam: gradient\['b'\] must be an array.*NoneType"),
        ({"w": np.ones(2), "b": "1"}, InputError, r"adam: gradient\['b'\] must be an array; got str"),
        ({"w": np.ones(2) * 1j, "b": 1.0}, ArgumentError, r"adam: gradient\['w'\] is complex"),
    ],
)
def test_a_gradient_of_another_structure_is_refused_by_its_path(gradient, kind, message):
    with pytest.raises(kind, match=message) as caught:
        adam(lambda x: gradient, {"w": np.ones(2), "b": 1.0})
    assert str(caught.value).endswith("as fgrad.grad(loss) returns it.")


def test_the_loss_in_place_of_its_gradient_is_refused():
    with pytest.raises(
        ArgumentError, match=r"adam: gradient has shape \(\); .* as fgrad\.grad\(loss\) returns"
    ):
        adam(lambda x: np.sum(x**2), np.ones(3))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("bad", "word"), [(np.nan, "nan"), (np.inf, "inf"), (-np.inf, "-inf")])
def test_a_gradient_that_is_not_finite_stops_the_run_and_says_where(rule, bad, word):
    def gradient(params, i):
        g = np.ones((2, 2))
        if i == 3:
            g[1, 0] = bad
        return {"w": [g]}

    message = rf"{rule.name}: gradient\['w'\]\[0\] has {word} at \[1, 0\] at iteration 3\. .*Lower step_size"
    with pytest.raises(ArgumentError, match=message):
        rule().run(gradient, {"w": [np.ones((2, 2))]})


def test_a_scalar_gradient_that_is_nan_is_named():
    with pytest.raises(ArgumentError, match=r"adam: gradient\['b'\] is nan at iteration 0"):
        adam(lambda x: {"b": np.nan}, {"b": 1.0})


def test_a_run_that_diverges_ends_with_the_iteration():
    message = "sgd: gradient is -inf at iteration 1"
    with np.errstate(over="ignore"), pytest.raises(ArgumentError, match=message):
        sgd(lambda x: np.multiply(1e150, x), 1.0, step_size=1e10, mass=0.0)


@pytest.mark.parametrize("wrong", ["0.1", True, [0.1], None, 1j, np.ones(2)])
def test_a_step_size_that_is_no_real_number_is_refused(wrong):
    with pytest.raises(InputError, match="adam: step_size must be a real number; got"):
        Adam(step_size=wrong)
    with pytest.raises(InputError, match=r"adam: step_size\(0\) must be a real number; got"):
        adam(lambda x: x, 1.0, step_size=lambda i: wrong)


def test_a_state_of_something_else_is_refused():
    rule, x = Adam(), {"w": np.ones(2)}
    with pytest.raises(InputError, match="the state must be what init or update returned; got dict"):
        rule.update(x, x, rule.init(x))
    with pytest.raises(
        ArgumentError, match=r"the state remembers \['velocity'\]; it must remember \['m', 'v'\]"
    ):
        rule.update(x, SGD().init(x), x)
    with pytest.raises(
        ArgumentError, match=r"adam: state\.memory\['m'\] holds shape \(3,\) for .* shape \(2,\)"
    ):
        rule.update(x, rule.init({"w": np.ones(3)}), x)
    with pytest.raises(InputError, match=r"adam: state\.memory\['m'\] must be a dict"):
        rule.update(x, rule.init(np.ones(2)), x)


def test_init_refuses_what_is_not_of_numbers():
    with pytest.raises(InputError, match=r"rmsprop: params\[0\] is a str"):
        RMSprop().init(["text"])


def test_an_error_of_the_function_comes_through():
    with pytest.raises(OutputError, match="grad: <lambda> must return a real scalar"):
        adam(grad(lambda x: x**2), np.ones(2))
