import gc

import pytest

from tests.benchmarks.timing import calls_per_sample, garbage_collector, interleaved_samples


def test_candidates_take_turns_and_the_order_rotates():
    order = []
    # A sample of no length is one call and the one before it; as many first find out how long a call takes.
    samples = interleaved_samples(
        {name: lambda name=name: order.append(name) for name in "abc"}, rounds=3, sample=0.0
    )
    assert "".join(order) == "aabbcc" + "aabbcc" + "bbccaa" + "ccaabb"
    assert {name: len(times) for name, times in samples.items()} == {"a": 3, "b": 3, "c": 3}


def test_a_sample_is_at_least_one_call():
    assert calls_per_sample(lambda: None, 0.0) == 1


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_left_as_it_was(enabled):
    before = gc.isenabled()
    with garbage_collector(enabled):
        assert gc.isenabled() is enabled
    assert gc.isenabled() is before
