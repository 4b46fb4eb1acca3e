import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import main
from tests.benchmarks.workloads import WORKLOADS

ROOT = Path(__file__).parents[2]


def test_the_command_prints_a_table_of_times_and_ratios():
    command = [sys.executable, "-m", "tests.benchmarks", "logistic_small", "--rounds", "1"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=os.environ)
    heading, row = run.stdout.splitlines()[-2:]
    assert heading.split()[:3] == ["workload", "numpy", "fgrad"]
    assert "fgrad/numpy" in heading
    assert row.startswith("logistic_small")
    assert "garbage collector on" in run.stdout
    assert max(map(len, run.stdout.splitlines())) <= 100


def test_a_workload_that_counts_operations_has_a_row_of_overheads(capsys):
    assert main(["scalar_chain", "--rounds", "1", "--no-gc"]) == 0
    printed = capsys.readouterr().out
    assert "garbage collector off" in printed
    assert "Overhead per recorded operation" in printed
    assert printed.splitlines()[-1].split()[:2] == ["scalar_chain", "4,000"]
    assert gc.isenabled()


def test_without_autograd_the_command_says_so_and_runs(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "autograd", None)  # importing it now raises ImportError
    assert main(["logistic_small", "--rounds", "1"]) == 0
    printed = capsys.readouterr().out
    assert "autograd is not installed" in printed
    assert "autograd/fgrad" not in printed


def test_json_holds_every_sample(tmp_path, capsys):
    file = tmp_path / "times.json"
    main(["logistic_small", "--rounds", "2", "--json", str(file)])
    written = json.loads(file.read_text())
    (result,) = written["results"]
    assert written["environment"]["rounds"] == 2
    assert result["name"] == "logistic_small"
    assert {len(samples) for samples in result["seconds"].values()} == {2}
    assert {"numpy", "fgrad", "plain np"} <= set(result["seconds"])
    assert "fgrad/numpy" in capsys.readouterr().out


def test_list_names_every_workload(capsys):
    assert main(["--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(WORKLOADS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["logistic_tiny"], "no workload is called logistic_tiny"), (["--rounds", "0"], "at least 1; got 0")],
)
def test_arguments_that_make_no_sense_are_refused(arguments, message, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err
