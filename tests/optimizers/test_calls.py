import inspect

import autograd.misc.optimizers as peer
import numpy as np
import pytest

from fgrad.optimizers import SGD, Adam, AdamW, Momentum, RMSprop, adam, adamw, momentum, rmsprop, sgd

CALLS = {sgd: SGD, momentum: Momentum, rmsprop: RMSprop, adam: Adam, adamw: AdamW}
START = {"w": np.array([[2.0, -3.0], [0.5, 1.5]]), "layers": [np.array([0.25]), (-1.0,)]}


def slopes(params, i):
    """Return a gradient that depends on the iteration, as that of a minibatch does."""
    w, bias, scale = params["w"], params["layers"][0], params["layers"][1][0]
    noise = np.cos(i + np.arange(4.0).reshape(2, 2))
    return {"layers": [bias**3 + noise[0, :1], (float(np.sin(scale)),)], "w": w - np.sin(w) + noise}


@pytest.mark.parametrize(
    ("call", "options"),
    [
        (sgd, {}),
        (sgd, {"num_iters": 30, "step_size": 0.02, "mass": 0.3}),
        (rmsprop, {}),
        (rmsprop, {"num_iters": 30, "step_size": 0.02, "gamma": 0.5, "eps": 1e-3}),
        (adam, {}),
        (adam, {"num_iters": 30, "step_size": 0.02, "b1": 0.5, "b2": 0.9, "eps": 1e-3}),
    ],
)
def test_every_iterate_is_that_of_autograd(call, options):
    def record(into):
        return lambda x, i, g: into.append((i, x["w"], x["layers"][0], x["layers"][1][0], g["w"]))

    ours, theirs = [], []
    end = call(slopes, START, record(ours), **options)
    other = getattr(peer, call.__name__)(slopes, START, record(theirs), **options)
    assert len(ours) == len(theirs) == options.get("num_iters", 200 if call is sgd else 100)
    for mine, yours in zip(ours, theirs, strict=True):
        for a, b in zip(mine, yours, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-13)
    np.testing.assert_allclose(end["w"], other["w"], rtol=1e-13)
    assert end["layers"][1][0] == pytest.approx(other["layers"][1][0], rel=1e-13)


@pytest.mark.parametrize("call", [sgd, rmsprop, adam])
def test_the_order_of_the_arguments_is_that_of_autograd(call):
    hyperparameters = [0.05, 0.7, 0.8, 0.01][: {sgd: 2, rmsprop: 3, adam: 4}[call]]
    found = call(slopes, START, None, 20, *hyperparameters)
    expected = getattr(peer, call.__name__)(slopes, START, None, 20, *hyperparameters)
    np.testing.assert_allclose(found["w"], expected["w"], rtol=1e-13)


@pytest.mark.parametrize("call", CALLS)
def test_a_call_is_a_loop_around_the_pair(call):
    rule = CALLS[call](step_size=0.05)
    x, state = START, rule.init(START)
    for i in range(10):
        x, state = rule.update(slopes(x, i), state, x)
    found = call(slopes, START, num_iters=10, step_size=0.05)
    assert state.iteration == 10
    np.testing.assert_array_equal(found["w"], x["w"])
    assert found["layers"][1] == x["layers"][1]


@pytest.mark.parametrize("call", CALLS)
def test_a_call_and_its_rule_have_the_same_hyperparameters(call):
    ours = list(inspect.signature(call).parameters.values())
    assert [p.name for p in ours[:4]] == ["grad", "x0", "callback", "num_iters"]
    assert ours[-1].name == "progress"
    fields = list(inspect.signature(CALLS[call]).parameters.values())
    assert [(p.name, p.default) for p in ours[4:-1]] == [(p.name, p.default) for p in fields]


@pytest.mark.parametrize("call", CALLS)
def test_all_hyperparameters_reach_the_rule(call):
    rule = CALLS[call]
    names = list(inspect.signature(rule).parameters)
    values = dict(zip(names, np.linspace(0.1, 0.6, len(names)), strict=True))
    found = call(slopes, START, None, 5, *values.values())
    expected = rule(**values).run(slopes, START, num_iters=5)
    np.testing.assert_array_equal(found["w"], expected["w"])
    for name in names:
        other = rule(**{**values, name: values[name] / 2}).run(slopes, START, num_iters=5)
        assert np.any(other["w"] != expected["w"]), f"{name} changes nothing"
