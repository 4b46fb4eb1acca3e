"""The command line: exit status, streams, and what a user sees."""

import errno
import io
import os
import re
import subprocess
import sys

import numpy as np
import pytest

from fgrad import __main__ as entry
from fgrad.demo import cli, lecture
from fgrad.demo.cli import main
from fgrad.demo.report import width_of

PYTHON = [sys.executable, "-W", "error", "-m", "fgrad"]


@pytest.fixture
def csv(tmp_path):
    """Write a table and return its path."""

    def write(names, rows):
        path = tmp_path / "table.csv"
        lines = [",".join(names), *(",".join(map(str, row)) for row in rows)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def measured(csv):
    """Write a table with a real target."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 2))
    noise = rng.normal(size=60)
    price = 3 * x[:, 0] - x[:, 1] + 10 + noise
    return csv(["area", "age", "price"], np.column_stack([x, price]))


def complaint(capsys, *arguments):
    """Return the one line on the standard error stream, after exit status 2."""
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err.rstrip("\n")


def test_the_lecture_shows_both_models_and_every_check_passes(capsys):
    assert main([]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.index("breast_cancer.csv") < out.index("diabetes.csv")
    assert out.endswith("All 13 checks passed.\n")
    assert out.isascii()
    assert max(map(len, out.splitlines())) <= 80


def test_the_lecture_predicts_as_well_as_these_models_are_known_to(capsys):
    main([])
    out = capsys.readouterr().out
    accuracy = float(re.search(r"Accuracy: (\S+) on the 113", out)[1])
    share = float(re.search(r"R\^2: (\S+) on the 88", out)[1])
    assert 0.94 <= accuracy <= 1.0
    assert 0.35 <= share <= 0.65


def test_the_lecture_says_why_it_has_a_penalty(capsys):
    main([])
    text = " ".join(capsys.readouterr().out.split())
    assert re.search(r"penalty 1/2 \* sum\(w\*\*2\) added. Without it, at iteration \d+ of Newton's", text)


def test_a_failed_check_is_exit_status_one(capsys, monkeypatch):
    monkeypatch.setattr(lecture, "finite_differences", lambda function, x: np.ones_like(x))
    assert main([]) == 1
    assert capsys.readouterr().out.endswith("2 of 13 checks FAILED.\n")


def test_fit_a_real_target(capsys, measured):
    assert main(["fit", measured, "--target", "price"]) == 0
    out = capsys.readouterr().out
    assert "Linear regression" in out
    found = {
        line.split()[0]: float(line.split()[-1]) for line in out.splitlines()[-6:-2] if "coeff" not in line
    }
    assert found["area"] == pytest.approx(3, abs=0.5)
    assert found["age"] == pytest.approx(-1, abs=0.5)
    assert found["(b)"] == pytest.approx(10, abs=0.5)


def test_fit_two_classes_named_by_text(capsys, csv):
    rng = np.random.default_rng(2)
    rows = [(v, "ill" if v + rng.normal() > 0 else "well") for v in rng.normal(size=80)]
    assert main(["fit", csv(["dose", "state"], rows), "--target", "state"]) == 0
    out = capsys.readouterr().out
    assert "t = 1 for 'well'" in " ".join(out.split())
    slope = next(line for line in reversed(out.splitlines()) if "dose" in line)
    assert float(slope.split()[-1]) < 0


def test_the_seed_decides_the_split_and_the_fraction_its_size(capsys, measured):
    def text(*options):
        assert main(["fit", measured, "--target", "price", *options]) == 0
        return capsys.readouterr().out

    assert text("--seed", "1") == text("--seed", "1")
    assert text("--seed", "1") != text("--seed", "2")
    assert "45 rows are for training, 15 are held out" in " ".join(text("--test-fraction", "0.25").split())


def test_separable_classes_are_refused_and_ridge_is_the_cure(capsys, csv):
    path = csv(["a", "y"], [(v, int(v > 0.2)) for v in np.random.default_rng(1).normal(size=50)])
    message = complaint(capsys, "fit", path, "--target", "y")
    assert message.startswith(f"fgrad: {path}: the classes of 'y' are separable, so the loss has no minimum")
    assert "--ridge" in message
    assert main(["fit", path, "--target", "y", "--ridge", "1"]) == 0


def test_a_bad_cell_is_one_line_with_file_line_and_column(capsys, csv):
    path = csv(["a", "y"], [(1, 2), ("x", 3)])
    assert complaint(capsys, "fit", path, "--target", "y") == (
        f"fgrad: {path}: line 3, column 'a': 'x' is not a number"
    )


def test_a_missing_file_is_one_line(capsys, tmp_path):
    path = str(tmp_path / "none.csv")
    assert complaint(capsys, "fit", path, "--target", "y") == f"fgrad: {path}: No such file or directory"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["fit"], "fgrad fit: the following arguments are required: TABLE.csv, --target"),
        (["fit", "t.csv"], "fgrad fit: the following arguments are required: --target"),
        (["fit", "t.csv", "--target", "y", "--test-fraction", "1"], "'1' is not between 0 and 1"),
        (["fit", "t.csv", "--target", "y", "--test-fraction", "nan"], "'nan' is not between 0 and 1"),
        (["fit", "t.csv", "--target", "y", "--test-fraction", "half"], "'half' is not a number"),
        (["fit", "t.csv", "--target", "y", "--seed", "-1"], "'-1' is not an integer >= 0"),
        (["fit", "t.csv", "--target", "y", "--ridge", "-1"], "'-1' is not a finite number >= 0"),
        (["fit", "t.csv", "--target", "y", "--ridge", "inf"], "'inf' is not a finite number >= 0"),
        (["fit", "t.csv", "--target", "y", "--model", "tree"], "invalid choice: 'tree'"),
        (["fly"], "invalid choice: 'fly'"),
        (["--fast"], "unrecognized arguments: --fast"),
    ],
)
def test_wrong_arguments_are_one_line(capsys, arguments, message):
    assert message in complaint(capsys, *arguments)


@pytest.mark.parametrize("arguments", [["--help"], ["fit", "--help"]])
def test_help_fits_in_80_columns(capsys, arguments, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert out.startswith("usage: fgrad")
    assert max(map(len, out.splitlines())) <= 80


def test_version(capsys):
    assert main(["--version"]) == 0
    assert re.fullmatch(r"fgrad \d+\.\d+\S*\n", capsys.readouterr().out)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_column_names_of_any_script_and_length_fit_in_80_columns(csv, encoding):
    rng = np.random.default_rng(0)
    path = csv(["naïve", "年齢" * 30, "a" * 200, '"two\nlines"', "t"], rng.normal(size=(60, 5)))
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run([*PYTHON, "fit", path, "--target", "t"], capture_output=True, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert max(width_of(line) for line in done.stdout.decode(encoding).splitlines()) <= 80


def test_an_interrupt_is_exit_status_130(monkeypatch):
    def interrupted(report):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "give_both", interrupted)
    assert main([]) == 130


def test_a_reader_that_leaves_is_no_error():
    with subprocess.Popen(PYTHON, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


class Full(io.StringIO):
    """An output stream on a full disk."""

    def flush(self):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_one_line(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", Full())
    assert main([]) == 2
    assert capsys.readouterr().err == "fgrad: [Errno 28] No space left on device\n"


def test_a_closed_output_is_no_error(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    assert main([]) == 0


def test_the_module_and_the_console_script_share_one_entry():
    assert entry.main is main
    done = subprocess.run([*PYTHON, "--version"], capture_output=True, text=True)
    assert (done.returncode, done.stdout.split()[0]) == (0, "fgrad")
