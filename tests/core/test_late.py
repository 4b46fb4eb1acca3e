import sys
import types

import numpy as np
import pytest

from fgrad.core import late
from fgrad.core.errors import MissingRuleError
from fgrad.core.late import LATE_RULES, LateModule, declare_late_rules
from fgrad.core.primitive import MissingRule, Primitive
from fgrad.core.registry import PRIMITIVES


def test_a_module_is_imported_when_an_attribute_is_asked_for(monkeypatch):
    asked = []
    monkeypatch.setattr(late, "import_module", lambda name: asked.append(name) or types.SimpleNamespace(a=7))
    module = LateModule("some.module")
    assert asked == []
    assert module.a == 7
    assert asked == ["some.module"]


def test_what_a_module_lacks_it_lacks():
    with pytest.raises(AttributeError, match="no_such_thing"):
        LateModule("decimal").no_such_thing  # noqa: B018 - asking for it is the test


@pytest.fixture
def waiting(tmp_path, monkeypatch):
    """Return a primitive whose rules wait, in a module of their own, for the module ``subject``."""
    primitive = Primitive("waiting", np.sin, ("x",))
    subject = types.ModuleType("subject_of_late_rules")
    subject.WAITING = primitive
    (tmp_path / "some_late_rules.py").write_text(
        "import subject_of_late_rules\n"
        "from fgrad.kinds import elementwise\n"
        "elementwise(subject_of_late_rules.WAITING, x=2.0)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(LATE_RULES, "some_late_rules", ("subject_of_late_rules",))
    yield primitive, lambda: monkeypatch.setitem(sys.modules, "subject_of_late_rules", subject)
    sys.modules.pop("some_late_rules", None)


def test_rules_wait_for_their_subjects(waiting):
    primitive, appear = waiting
    declare_late_rules()
    assert "some_late_rules" not in sys.modules
    assert "some_late_rules" in LATE_RULES
    with pytest.raises(MissingRuleError, match="waiting has no derivative rule"):
        primitive.rule.sole  # noqa: B018 - asking for it is the test
    appear()
    declare_late_rules()
    assert "some_late_rules" not in LATE_RULES
    assert not isinstance(primitive.rule, MissingRule)


def test_a_rule_is_declared_when_it_is_first_asked_for_anything(waiting):
    primitive, appear = waiting
    appear()
    stand_in = primitive.rule
    assert isinstance(stand_in, MissingRule)
    pull, keep = stand_in.sole
    assert (pull(3.0, None), keep) == (6.0, None)
    assert primitive.rule.sole == (pull, keep)


def test_a_batching_rule_is_that_of_the_declared_rule_and_none_without_one(waiting):
    primitive, _ = waiting
    stand_in = primitive.rule
    assert stand_in.batch is None
    primitive.rule = types.SimpleNamespace(batch="that of its kind")
    assert stand_in.batch == "that of its kind"


def test_a_primitive_shows_its_rule_though_it_waits(waiting):
    primitive, appear = waiting
    appear()
    assert repr(primitive) == "<primitive waiting(x): Elementwise>"


def test_a_declared_rule_is_the_rule():
    sine = PRIMITIVES[np.sin]
    assert sine.declared_rule() is sine.rule
    assert not isinstance(sine.rule, MissingRule)
