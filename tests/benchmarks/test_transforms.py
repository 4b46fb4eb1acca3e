import pytest

from tests.benchmarks.transforms import TASKS, check_agreement, main

SMALL = {
    "jacobian": {"n": 5},
    "hessian": {"n": 6},
    "per_example": {"samples": 4, "features": 3, "hidden": 2},
}


@pytest.mark.parametrize("name", TASKS)
def test_all_ways_agree(name):
    check_agreement(name, TASKS[name](**SMALL[name]))


def test_a_way_that_does_not_agree_is_named():
    candidates = TASKS["hessian"](**SMALL["hessian"])
    right = candidates["fgrad"]
    with pytest.raises(ArithmeticError, match="hessian: wrong differs"):
        check_agreement("hessian", {**candidates, "wrong": lambda: right() * (1 + 1e-7)})


def test_the_table_has_a_line_for_each_way(capsys, monkeypatch):
    monkeypatch.setattr("tests.benchmarks.transforms.TASKS", {"jacobian": lambda: TASKS["jacobian"](n=3)})
    assert main(["--rounds", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[-3:]] == ["jacobian"] * 3
