from fgrad.core.registry import PRIMITIVES
from fgrad.kinds.rule import Rule
from fgrad.rules import declare_all


def test_the_rules_of_numpy_answer_what_the_modes_ask():
    declare_all()
    assert PRIMITIVES
    for primitive in PRIMITIVES.values():
        assert isinstance(primitive.rule, Rule), primitive
