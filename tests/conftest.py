"""What the tests need beside Python packages: Graphviz' program ``dot``, for those that draw."""

import shutil

HAS_DOT = shutil.which("dot") is not None

collect_ignore = [] if HAS_DOT else ["graphs/test_pictures.py"]


def pytest_report_header():
    return None if HAS_DOT else "Graphviz' program dot is not installed: real pictures are not tested"
