import numpy as np
import pytest

from fgrad import InputError
from fgrad.core.pytree import LEAF
from fgrad.kinds.call import ArrayCall, Call


def test_a_call_is_taken_apart_and_put_together():
    call = Call((1.0, [2.0, {"a": 3.0}], None), {"axis": 0, "pair": (4.0, 5.0)})
    leaves = call.take_leaves()
    assert leaves == [1.0, 2.0, 3.0, 0, 4.0, 5.0]
    assert call.leaves == []
    assert call.owners == [0, 1, 1, -1, -1, -1]
    args, kwargs = call.arguments([-leaf for leaf in leaves])
    assert args == (-1.0, [-2.0, {"a": -3.0}], None)
    assert kwargs == {"axis": 0, "pair": (-4.0, -5.0)}


def test_each_argument_knows_its_leaves():
    call = Call((1.0, [2.0, 3.0], ()), {})
    assert [call.places(i) for i in range(3)] == [[0], [1, 2], []]
    assert call.argument(1, [5.0, 6.0]) == [5.0, 6.0]
    assert call.argument_leaves([7.0, 8.0], 1, "it") == [7.0, 8.0]
    with pytest.raises(InputError, match="it must be a list"):
        call.argument_leaves(7.0, 1, "it")


def test_the_result_of_a_librarys_primitive_is_one_array_or_a_tuple():
    one, several = ArrayCall(2, None), ArrayCall(2, 3)
    assert one.result is LEAF
    assert one.returned([1.0]) == 1.0
    assert several.returned([1.0, 2.0, 3.0]) == (1.0, 2.0, 3.0)
    assert one.arguments([1.0, 2.0]) == ((1.0, 2.0), {})
    assert one.places(1) == [1]
    np.testing.assert_array_equal(several.result_leaves((1.0, 2.0, 3.0), "it"), [1.0, 2.0, 3.0])
