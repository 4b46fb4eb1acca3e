import numpy as np
import pytest

from fgrad import LeakedBoxError, OutputError, grad, jacobian, jvp, make_jvp, make_vjp, vjp
from fgrad.transforms.outputs import flatten_output, is_array_like

APPLICATIONS = {
    "vjp": lambda f: vjp(f, 1.0),
    "make_vjp": lambda f: make_vjp(f)(1.0),
    "jvp": lambda f: jvp(f, (1.0,), (1.0,)),
    "make_jvp": lambda f: make_jvp(f)(1.0)(1.0),
    "jacobian": lambda f: jacobian(f)(1.0),
}


@pytest.mark.parametrize("value", [1, 1.0, 1j, True, np.float32(1), np.ones(2), np.ones(())])
def test_numbers_and_arrays_are_results(value):
    assert is_array_like(value)
    assert flatten_output([value], "vjp", "f")[0] == [value] or np.ndim(value)


@pytest.mark.parametrize("name", APPLICATIONS)
@pytest.mark.parametrize("leaf", ["text", object(), {1.0}, np.array([None]), np.array(["a"])])
def test_a_result_that_is_not_of_numbers_is_refused_with_its_path(name, leaf):
    with pytest.raises(
        OutputError, match=rf"{name}: <lambda> must return numbers.* its result\['loss'\]\[1\] is a"
    ):
        APPLICATIONS[name](lambda x: {"loss": (x, leaf)})


@pytest.mark.parametrize("name", APPLICATIONS)
def test_a_result_that_is_left_over_from_another_transform_is_refused(name):
    kept = []
    grad(lambda x: kept.append(x) or x)(1.0)
    with pytest.raises(
        LeakedBoxError, match=f"the result of the function given to {name} received a traced value of grad"
    ):
        APPLICATIONS[name](lambda x: [x, kept[0]])
