"""What :func:`fgrad.optimizers.minimize` tells a callback."""

import numpy as np
import pytest
import scipy.optimize

from fgrad.optimizers import minimize
from tests.optimizers.rosenbrock import METHODS, rosenbrock, start


@pytest.mark.parametrize("method", METHODS)
def test_the_callback_gets_containers(method):
    x0 = {"x": 0.9, "y": [np.array(0.75)]}
    seen = []
    minimize(rosenbrock, x0, method=method, callback=lambda x: seen.append(x))
    assert len(seen) > 2
    assert all(type(x["x"]) is float and type(x["y"][0]) is np.ndarray for x in seen)
    assert rosenbrock(seen[-1]) < rosenbrock(x0)


@pytest.mark.parametrize("method", ["BFGS", "trust-constr", "Nelder-Mead", "TNC"])
def test_a_callback_for_intermediate_results_gets_them(method):
    def callback(intermediate_result):
        seen.append(intermediate_result)

    seen = []
    minimize(rosenbrock, start(), method=method, callback=callback)
    assert all(isinstance(result, scipy.optimize.OptimizeResult) for result in seen)
    assert seen[-1].fun == pytest.approx(rosenbrock(seen[-1].x), abs=1e-4)


def test_a_callback_can_stop_the_run():
    def callback(x):
        if x["x"] > 0.85:
            raise StopIteration

    result = minimize(rosenbrock, start(), method="BFGS", callback=callback)
    assert not result.success
    assert 0.85 < result.x["x"] < 1.0


def test_a_callback_without_a_signature_gets_the_point():
    class Recorder(list):
        __signature__ = "unknown"

        def __call__(self, x):
            self.append(x)

    seen = Recorder()
    minimize(rosenbrock, start(), callback=seen)
    assert seen[-1]["x"] == pytest.approx(1.0, abs=1e-3)
