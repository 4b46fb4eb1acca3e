from collections import Counter, OrderedDict, defaultdict, deque
from dataclasses import InitVar, dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np
import pytest

from fgrad import InputError, RegistrationError, grad, jacobian, jvp, register_pytree, vjp
from fgrad.core.pytree import LEAF, flatten, flatten_as, paths, unflatten


class Point(NamedTuple):
    x: object
    y: object


@dataclass
class Layer:
    w: object
    b: object = None


@dataclass(frozen=True)
class Frozen:
    w: object
    scale: InitVar[float] = 1.0
    doubled: object = field(init=False)
    kind: ClassVar[str] = "not a field"

    def __post_init__(self, scale):
        object.__setattr__(self, "doubled", self.w * 2 * scale)


@dataclass(slots=True)
class Slotted:
    w: object


@dataclass
class Lazy:
    w: object
    cache: object = field(init=False)


class Line:
    def __init__(self, slope, intercept, name):
        self.slope, self.intercept, self.name = slope, intercept, name


register_pytree(
    Line,
    lambda line: (iter((line.slope, line.intercept)), line.name),
    lambda name, children: Line(*children, name),
)

TREES = [
    1.0,
    np.ones(2),
    None,
    [],
    (),
    {},
    [1.0, [2.0, (3.0,)]],
    {"a": 1.0, "b": [2.0, None]},
    {3: 1.0, (1, 2): 2.0, None: 3.0},
    OrderedDict(z=1.0, a=2.0),
    defaultdict(list, a=1.0),
    Point(1.0, [2.0]),
    Layer(1.0, Layer(2.0)),
    Slotted([1.0]),
    Frozen(1.0),
    [[[[[1.0]]]], {"deep": {"er": Point((), {"est": 2.0})}}],
]


@pytest.mark.parametrize("tree", TREES, ids=repr)
def test_taking_apart_and_putting_together_is_the_identity(tree):
    leaves, structure = flatten(tree)
    again = unflatten(structure, leaves)
    assert type(again) is type(tree)
    assert repr(again) == repr(tree)
    assert len(paths(structure, "x")) == len(leaves)
    assert flatten_as(again, structure, "x") == leaves or isinstance(tree, np.ndarray)


@pytest.mark.parametrize("tree", TREES, ids=repr)
def test_each_path_leads_to_its_leaf(tree):
    leaves, structure = flatten(tree)
    for leaf, path in zip(leaves, paths(structure, "tree"), strict=True):
        assert eval(path, {"tree": tree}) is leaf


@pytest.mark.parametrize(
    "leaf", [1.0, 2, "text", np.ones(2), {1.0}, Counter(a=1), deque([1.0]), object(), Layer]
)
def test_everything_else_is_a_leaf(leaf):
    assert flatten(leaf) == ([leaf], LEAF)


def test_the_default_factory_of_a_dictionary_is_kept():
    doubled = unflatten(flatten(defaultdict(list, a=1.0))[1], [2.0])
    assert doubled == {"a": 2.0}
    assert doubled["missing"] == []


@pytest.mark.parametrize(
    ("make", "read"),
    [
        (lambda a, b: {"a": a, "b": b}, lambda t: (t["a"], t["b"])),
        (lambda a, b: [a, b], tuple),
        (lambda a, b: (a, b), tuple),
        (lambda a, b: Point(a, b), lambda t: (t.x, t.y)),
        (lambda a, b: OrderedDict(b=b, a=a), lambda t: (t["a"], t["b"])),
        (lambda a, b: defaultdict(float, a=a, b=b), lambda t: (t["a"], t["b"])),
        (lambda a, b: Layer(a, b), lambda t: (t.w, t.b)),
        (lambda a, b: [None, Slotted(a), {"deep": (b, None)}], lambda t: (t[1].w, t[2]["deep"][0])),
        (lambda a, b: Line(a, b, "name"), lambda t: (t.slope, t.intercept)),
    ],
)
def test_the_gradient_is_a_container_like_the_argument(make, read):
    def loss(tree):
        a, b = read(tree)
        return np.sum(a * a) * b

    gradient = grad(loss)(make(np.array([1.0, 2.0]), 3))
    assert type(gradient) is type(make(0, 0))
    a, b = read(gradient)
    np.testing.assert_array_equal(a, [6.0, 12.0])
    assert b == 5.0
    assert type(b) is float
    second = jacobian(grad(loss))(make(np.array([1.0, 2.0]), 3.0))
    np.testing.assert_array_equal(read(read(second)[1])[0], [2.0, 4.0])


def test_the_function_sees_a_container_of_its_own():
    params = {"w": 1.0, "extra": []}

    def loss(p):
        p["w"] = p["w"] * 3.0
        p["extra"].append(p["w"])
        del p["extra"]
        return p["w"] ** 2

    assert grad(loss)(params) == {"w": 18.0, "extra": []}
    assert params == {"w": 1.0, "extra": []}


def test_one_array_in_two_places_has_two_gradients():
    w = np.array([1.0, 2.0])
    found = grad(lambda p: np.sum(p["a"] * p["a"] * p["b"]))({"a": w, "b": w})
    np.testing.assert_array_equal(found["a"], 2 * w * w)
    np.testing.assert_array_equal(found["b"], w * w)
    assert not np.shares_memory(found["a"], found["b"])


def test_a_field_that_init_does_not_set_is_differentiated_if_it_is_there():
    found = grad(lambda p: p.w * p.doubled)(Frozen(3.0))
    assert (found.w, found.doubled) == (6.0, 3.0)
    lazy = grad(lambda p: p.w**2)(Lazy(3.0))
    assert lazy.w == 6.0
    assert not hasattr(lazy, "cache")


def test_a_text_in_a_dataclass_is_refused_with_its_path():
    with pytest.raises(InputError, match=r"grad: layer\.b\[1\]\.w is a str"):
        grad(lambda layer: layer.w)(Layer(1.0, [0.0, Layer("relu")]))


def test_a_container_that_holds_itself_is_refused():
    endless = [1.0]
    endless.append(endless)
    with pytest.raises(InputError, match="a list contains itself"):
        grad(lambda x: x[0])(endless)


def test_deep_containers_are_taken_apart():
    tree = 1.0
    for _ in range(100):
        tree = {"next": [tree]}
    assert flatten(grad(lambda t: flatten(t)[0][0] ** 2)(tree))[0] == [2.0]


# types that a user registers


def test_what_flatten_calls_the_rest_is_kept():
    found = grad(lambda line: 3 * line.slope + line.intercept)(Line(2.0, 1.0, "a name"))
    assert (found.slope, found.intercept, found.name) == (3.0, 1.0, "a name")


def test_a_registered_type_serves_as_tangent_and_cotangent():
    line = Line(2.0, 3.0, "a")
    assert jvp(lambda line: line.slope * line.intercept, (line,), (Line(1.0, 10.0, "a"),))[1] == 23.0
    pullback = vjp(lambda x: Line(x, 2 * x, "b"), 1.0)[1]
    assert pullback(Line(1.0, 10.0, "b")) == (21.0,)


def test_the_rest_of_two_structures_must_be_equal():
    with pytest.raises(InputError, match=r"the tangent\[0\] has other entries than the Line"):
        jvp(lambda line: line.slope, (Line(2.0, 3.0, "a"),), (Line(2.0, 3.0, "b"),))


def test_paths_number_the_children_of_a_registered_type():
    with pytest.raises(InputError, match=r"grad: line\[1\] is a str"):
        grad(lambda line: line.slope)(Line(1.0, "no", "a"))


def test_a_subclass_of_a_registered_type_is_not_included():
    class Ray(Line):
        pass

    with pytest.raises(InputError, match=r"grad: ray is a Ray.*register_pytree"):
        grad(lambda ray: ray.slope)(Ray(1.0, 2.0, "a"))


def test_registering_a_dataclass_overrides_its_fields():
    @dataclass
    class Dense:
        w: object
        activation: str

    with pytest.raises(InputError, match=r"layer\.activation is a str"):
        grad(lambda layer: layer.w)(Dense(1.0, "relu"))
    register_pytree(Dense, lambda d: ((d.w,), d.activation), lambda name, children: Dense(*children, name))
    assert grad(lambda layer: layer.w**2)(Dense(3.0, "relu")) == Dense(6.0, "relu")


@pytest.mark.parametrize("kind", [list, dict, tuple, type(None), OrderedDict, Line])
def test_a_container_cannot_be_registered_again(kind):
    with pytest.raises(RegistrationError, match=f"{kind.__name__} is a container already"):
        register_pytree(kind, lambda x: ((), None), lambda meta, children: None)


@pytest.mark.parametrize("kind", [float, int, bool, str, np.ndarray, np.float64, np.matrix])
def test_a_type_of_leaves_cannot_be_registered(kind):
    with pytest.raises(RegistrationError, match=f"{kind.__name__} is a type of leaves"):
        register_pytree(kind, lambda x: ((), None), lambda meta, children: None)


def test_what_is_no_class_cannot_be_registered():
    with pytest.raises(RegistrationError, match="register_pytree takes a class"):
        register_pytree("Line", lambda x: ((), None), lambda meta, children: None)
