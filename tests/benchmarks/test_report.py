import pytest

from tests.benchmarks.report import Result, aligned, overhead_table, time_text, times_table


def test_ratios_are_taken_within_a_round():
    # The second round was slow for both: the ratio is 2 in each.
    result = Result("name", "summary", 10, {"numpy": [1.0, 5.0, 1.0], "fgrad": [2.0, 10.0, 2.0]})
    assert result.ratio("fgrad", "numpy") == 2.0
    assert result.seconds("fgrad") == 2.0
    assert result.overhead("fgrad") == 0.1


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(2.5, "2.50 s"), (0.1234, "123 ms"), (0.01234, "12.3 ms"), (1.2e-6, "1.20 us"), (-3e-7, "-0.300 us")],
)
def test_times_are_printed_with_three_digits_and_a_unit(seconds, text):
    assert time_text(seconds) == text


def test_columns_are_aligned_to_the_right_of_the_first():
    assert aligned([("name", "x"), ("a", "long")]) == "name     x\na     long"


def test_a_peer_that_was_not_measured_has_no_column():
    alone = [Result("chain", "summary", 10, {"numpy": [1.0], "fgrad": [3.0], "plain np": [4.0]})]
    assert times_table(alone).splitlines()[0].split() == [
        *("workload", "numpy", "fgrad", "plain", "np", "fgrad/numpy", "plain", "np/fgrad")
    ]
    assert overhead_table(alone).splitlines()[-1].split() == ["chain", "10", "200", "ms", "300", "ms"]


def test_overheads_are_compared_with_numpys_time_taken_out():
    times = {"numpy": [1.0], "fgrad": [3.0], "plain np": [4.0], "autograd": [11.0]}
    result = Result("chain", "summary", 10, times)
    assert overhead_table([result]).splitlines()[-1].split()[-1] == "5.00"
    assert times_table([result]).splitlines()[-1].split()[-1] == "3.67"
