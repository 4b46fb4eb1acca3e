import numpy as np
import pytest

import fgrad
from fgrad.core.pytree import flatten, unflatten
from fgrad.modes.reverse import ReverseTrace
from tests.benchmarks.engines import check_agreement, with_fgrad, with_protocols
from tests.benchmarks.workloads import WORKLOADS

#: Sizes at which each workload takes milliseconds.
SMALL = {
    "scalar_chain": {"steps": 7},
    "vector_chain": {"steps": 7, "length": 4},
    "long_tape": {"steps": 50},
    "gather": {"length": 6},
    "logistic_small": {"samples": 12, "features": 3},
    "logistic_large": {"samples": 40, "features": 7},
    "perceptron": {"samples": 5, "inputs": 6, "hidden": 4, "classes": 3},
    "recurrent": {"steps": 4, "batch": 3, "inputs": 2, "hidden": 5},
    "mixture": {"samples": 20, "components": 3, "dimensions": 2},
    "elementwise": {"length": 9},
}


@pytest.fixture(params=WORKLOADS)
def workload(request):
    return WORKLOADS[request.param](**SMALL[request.param])


def assert_same_trees(found, expected):
    found_leaves, found_structure = flatten(found)
    expected_leaves, expected_structure = flatten(expected)
    assert found_structure == expected_structure
    for one, other in zip(found_leaves, expected_leaves, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("engine", [with_fgrad, with_protocols])
def test_fgrad_computes_the_value_and_the_gradient_by_hand(workload, engine):
    value, gradient = engine(workload)(workload.params)
    expected_value, expected_gradient = workload.by_hand(workload.params)
    assert_same_trees(value, expected_value)
    assert_same_trees(gradient, expected_gradient)


def test_the_value_by_hand_is_that_of_the_loss(workload):
    assert_same_trees(workload.by_hand(workload.params)[0], workload.loss(np, workload.params))


def test_the_gradient_by_hand_matches_finite_differences_in_a_random_direction(workload):
    rng = np.random.default_rng(1)
    leaves, structure = flatten(workload.params)
    direction = [rng.normal(size=np.shape(leaf)) for leaf in leaves]
    length = np.sqrt(sum(np.sum(d**2) for d in direction))
    direction = [d / length for d in direction]

    def along(step):
        moved = [leaf + step * d for leaf, d in zip(leaves, direction, strict=True)]
        return workload.loss(np, unflatten(structure, moved))

    # Central differences, and the term in h**2 taken out: the error is of fourth order.
    h = 1e-3
    coarse = (along(2 * h) - along(-2 * h)) / (4 * h)
    fine = (along(h) - along(-h)) / (2 * h)
    gradient = flatten(workload.by_hand(workload.params)[1])[0]
    slope = sum(np.sum(g * d) for g, d in zip(gradient, direction, strict=True))
    np.testing.assert_allclose(slope, (4 * fine - coarse) / 3, rtol=1e-8)


@pytest.mark.parametrize("name", ["scalar_chain", "vector_chain", "long_tape", "gather"])
def test_a_workload_that_measures_overhead_counts_the_operations_on_the_tape(name):
    workload = WORKLOADS[name](**SMALL[name])
    trace = ReverseTrace("count")
    result = workload.loss(fgrad.numpy, trace.root(workload.params))
    # A box carries its index on the tape, and the root's is 0.
    assert result.payload == workload.operations


def test_a_disagreement_is_an_error_that_names_the_engine():
    workload = WORKLOADS["elementwise"](length=3)

    def wrong(x):
        value, gradient = workload.by_hand(x)
        return value, gradient * (1 + 1e-7)

    with pytest.raises(ArithmeticError, match="wrong engine differs"):
        check_agreement(workload, {"wrong engine": wrong})


def test_a_gradient_of_nan_is_a_disagreement():
    workload = WORKLOADS["elementwise"](length=3)
    with pytest.raises(ArithmeticError, match="lost"):
        check_agreement(workload, {"lost": lambda x: (workload.by_hand(x)[0], np.full(3, np.nan))})
