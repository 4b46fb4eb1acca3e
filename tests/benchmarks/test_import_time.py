import re
from pathlib import Path

import pytest

from tests.benchmarks import import_time


def test_the_command_prints_the_medians_and_their_ratio(capsys):
    assert import_time.main(["--rounds", "1"]) == 0
    heading, *rows = capsys.readouterr().out.splitlines()
    assert "rounds 1" in heading
    assert [row.rsplit(maxsplit=2)[0] for row in rows[:2]] == ["import numpy", "import fgrad"]
    assert re.fullmatch(r"ratio +\d+\.\d\d", rows[2])


def test_byte_code_is_kept_whatever_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert import_time.seconds("fgrad", str(tmp_path)) > 0
    kept = {file.name.split(".")[0] for file in Path(tmp_path).rglob("fgrad/*/*.pyc")}
    assert {"gradient", "primitive"} <= kept


def test_no_rounds_are_refused(capsys):
    with pytest.raises(SystemExit):
        import_time.main(["--rounds", "0"])
    assert "at least 1; got 0" in capsys.readouterr().err
