"""Every attribute and method of NumPy's arrays is one of a traced array too, or refused with a cure."""

import copy

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import DetachedError, MissingAttributeError, grad, jvp
from fgrad.core.box import bottom
from tests.rules.cases.case import listed

A = np.array([[0.5, -1.25, 3.0], [2.0, 0.25, -0.75]])

#: What every object has, whatever it is; the hash of a box is that of the object.
OF_ANY_OBJECT = set(dir(object)) - {"__reduce__", "__reduce_ex__"}

BINARY = "add sub mul truediv floordiv mod divmod pow".split()
BITS = "and or xor lshift rshift".split()

#: Calls whose results are those of NumPy, by the name that they go through.
CALLS = {
    **{f"__{name}__": (lambda x, name=name: getattr(x, f"__{name}__")(2.0)) for name in BINARY},
    **{f"__r{name}__": (lambda x, name=name: getattr(abs(x), f"__r{name}__")(2.0)) for name in BINARY},
    **{
        f"__i{name}__": (lambda x, name=name: getattr(x * 1.0, f"__i{name}__")(2.0))
        for name in BINARY
        if name != "divmod"
    },
    **{
        f"__{kind}{name}__": (lambda x, call=f"__{kind}{name}__": getattr(fnp.ones(3, int), call)(2))
        for name in BITS
        for kind in ("", "r", "i")
    },
    "__matmul__": lambda x: x @ x.T,
    "__rmatmul__": lambda x: [1.0, 2.0] @ x,
    "__imatmul__": lambda x: (x * 1.0).__imatmul__(np.ones((3, 3))),
    "__neg__": lambda x: -x,
    "__pos__": lambda x: +x,
    "__abs__": abs,
    "__invert__": lambda x: ~fnp.ones(3, int),
    "__lt__": lambda x: x < 1,
    "__le__": lambda x: x <= 0.5,
    "__eq__": lambda x: x == 0.5,
    "__ne__": lambda x: x != 0.5,
    "__gt__": lambda x: x > 1,
    "__ge__": lambda x: x >= 0.5,
    "__str__": str,
    "__format__": lambda x: f"{x[0, 0]:.2f}",
    "__bool__": lambda x: bool(x[0, 0]),
    "__len__": len,
    "__iter__": lambda x: next(iter(x)),
    "__contains__": lambda x: (0.5 in x, 0.75 in x),
    "__getitem__": lambda x: x[1, ::2],
    "__setitem__": lambda x: _written(x, lambda y: y.__setitem__(0, 7.0)),
    "__copy__": copy.copy,
    "__deepcopy__": copy.deepcopy,
    "__array_ufunc__": lambda x: np.exp(x),
    "__array_function__": lambda x: np.sum(x, axis=0),
    "__array_namespace__": lambda x: x.__array_namespace__().sum(x),
    "__array_priority__": lambda x: np.ones(3) * x,
    "__class_getitem__": lambda x: x.__class_getitem__(int).__args__ == (int,),
    "T": lambda x: x.T,
    "all": lambda x: x.all(1),
    "any": lambda x: x.any(axis=0, keepdims=True),
    "argmax": lambda x: x.argmax(1),
    "argmin": lambda x: x.argmin(axis=0, keepdims=True),
    "argpartition": lambda x: x.argpartition(1, 0),
    "argsort": lambda x: x.argsort(0, "stable"),
    "astype": lambda x: x.astype("float32", "C", "same_kind", True, False),
    "base": lambda x: x[0].base is x,
    "choose": lambda x: np.array([[0, 1, 0]]).choose([1.0, 2.0]),
    "clip": lambda x: x.clip(-1, 1),
    "compress": lambda x: x.compress([True, False, True], 1),
    "conj": lambda x: (x * 1j).conj(),
    "conjugate": lambda x: (x * 1j).conjugate(),
    "copy": lambda x: x.copy("F"),
    "cumprod": lambda x: x.cumprod(0, "float32"),
    "cumsum": lambda x: x.cumsum(1),
    "device": lambda x: x.device,
    "diagonal": lambda x: x.diagonal(1),
    "dot": lambda x: x.dot([1.0, 2.0, 3.0]),
    "dtype": lambda x: x.dtype,
    "fill": lambda x: _written(x, lambda y: y.fill(2.0)),
    "flat": lambda x: (x.flat[3], x.flat[1:4], x.flat[[0, 2]], [*x.flat][2], len(x.flat)),
    "flatten": lambda x: x.flatten("F"),
    "imag": lambda x: (x * 1j).imag,
    "item": lambda x: (x.item(2), x.item(1, 2), x.item((1, 2)), x[:1, :1].item()),
    "itemsize": lambda x: x.itemsize,
    "mT": lambda x: x.mT,
    "max": lambda x: x.max(1, None, True),
    "mean": lambda x: x.mean((0, 1)),
    "min": lambda x: x.min(initial=-9.0),
    "nbytes": lambda x: x.nbytes,
    "ndim": lambda x: x.ndim,
    "nonzero": lambda x: x.nonzero(),
    "partition": lambda x: _written(x, lambda y: y.partition(1, 0)),
    "prod": lambda x: x.prod(1, "float32"),
    "put": lambda x: _written(x, lambda y: y.put([0, 7], [7.0, 8.0], "wrap")),
    "ravel": lambda x: x.ravel("F"),
    "real": lambda x: (x * 1j).real,
    "repeat": lambda x: x.repeat([1, 2], axis=0),
    "reshape": lambda x: x.reshape(3, -1, order="F"),
    "round": lambda x: x.round(1),
    "searchsorted": lambda x: x[0].searchsorted([0.6, 9.0], "right", [1, 0, 2]),
    "shape": lambda x: x.shape,
    "size": lambda x: x.size,
    "sort": lambda x: _written(x, lambda y: y.sort(0)),
    "squeeze": lambda x: x[None].squeeze(0),
    "std": lambda x: x.std(1, None, None, 1),
    "sum": lambda x: x.sum(1, keepdims=True, initial=2.0, where=x > 0),
    "swapaxes": lambda x: x.swapaxes(-1, 0),
    "take": lambda x: x.take([0, 7], mode="wrap"),
    "to_device": lambda x: x.to_device("cpu"),
    "trace": lambda x: x.trace(1, 0, 1),
    "transpose": lambda x: x.transpose((1, 0)),
    "var": lambda x: x.var(axis=0, ddof=1, keepdims=True),
    "view": lambda x: x.view(),
}

#: Calls that would take plain values out, or that a box refuses like an array.
DETACHING = {
    "__array__": np.asarray,
    "__float__": lambda x: float(x[0, 0]),
    "__int__": lambda x: int(x[0, 0]),
    "__complex__": lambda x: complex(x[0, 0]),
    "__index__": lambda x: range(x[0, 0]),
    "__buffer__": lambda x: x.__buffer__(0),
    "__dlpack__": np.from_dlpack,
    "__dlpack_device__": lambda x: x.__dlpack_device__(),
    "__reduce__": lambda x: x.__reduce__(),
    "__reduce_ex__": lambda x: x.__reduce_ex__(4),
    "__delitem__": lambda x: x.__delitem__(0),
    "dump": lambda x: x.dump("never written"),
    "dumps": lambda x: x.dumps(),
    "tobytes": lambda x: x.tobytes(),
    "tofile": lambda x: x.tofile("never written"),
    "tolist": lambda x: x.tolist(),
}

ABSENT = """
__array_finalize__ __array_interface__ __array_struct__ __array_wrap__ __setstate__
byteswap ctypes data flags getfield resize setfield setflags strides
""".split()

#: Arrays had these before NumPy 2, or have stubs that say so.
GONE = {"itemset": r"Use x\[index\] = value", "newbyteorder": "plain arrays", "ptp": r"Use np\.ptp"}
GONE["tostring"] = r"tobytes\(\)"


def _written(x, write):
    y = x * 1.0
    write(y)
    return y


def seen_by(call):
    """Return what a call gives for a traced array, or raise what it raises."""
    seen = []
    grad(lambda x: seen.append(call(x)) or np.sum(x))(A)
    return seen[0]


#: The attributes of arrays but for the private ones, and for those of any object.
NAMES = [
    name
    for name in dir(np.ndarray)
    if (name[0] != "_" or name[:2] == "__") and (name not in OF_ANY_OBJECT or name in CALLS)
]


@pytest.mark.parametrize("name", NAMES)
def test_every_attribute_of_an_array_is_known_here(name):
    kinds = [name in kind for kind in (CALLS, DETACHING, ABSENT, GONE)]
    assert kinds.count(True) == 1


@pytest.mark.parametrize("name", CALLS)
def test_what_is_there_gives_what_an_array_gives(name):
    found, expected = listed(seen_by(CALLS[name])), listed(CALLS[name](A.copy()))
    for one, other in zip(found, expected, strict=True):
        if isinstance(other, np.ndarray | np.generic):
            assert np.shape(one) == np.shape(other)
            assert bottom(one).dtype == other.dtype
            assert np.array_equal(bottom(one), other)
        else:
            assert bottom(one) == other


@pytest.mark.parametrize("name", DETACHING)
def test_what_would_detach_is_refused_with_a_cure(name):
    with pytest.raises(DetachedError, match=r"\. (Use|Return|Differentiate|Build|Iterate) "):
        seen_by(DETACHING[name])


@pytest.mark.parametrize("name", ABSENT)
def test_what_is_absent_says_why_and_what_to_use(name):
    cure = r"\. (Use|Put|Change|Make|Copy|NumPy's functions take) "
    with pytest.raises(MissingAttributeError, match=f"^A traced array has no {name}: .*{cure}"):
        seen_by(lambda x: getattr(x, name))
    with pytest.raises(MissingAttributeError, match=f"^A traced array has no {name}: "):
        seen_by(lambda x: setattr(x, name, None))


@pytest.mark.parametrize(("name", "cure"), GONE.items())
def test_what_numpy_has_removed_is_named_with_what_replaces_it(name, cure):
    with pytest.raises(MissingAttributeError, match=f"^A traced array has no {name}: .*{cure}"):
        seen_by(lambda x: getattr(x, name))


def test_to_code_that_asks_a_name_that_is_not_there_is_not_there():
    def function(x):
        assert not any(hasattr(x, name) for name in [*ABSENT, *GONE, "nonsense"])
        assert getattr(x, "flags", None) is None
        return np.sum(x)

    assert grad(function)(A).tolist() == np.ones_like(A).tolist()


@pytest.mark.parametrize("ask", [np.from_dlpack, np.asarray, np.array, np.lib.stride_tricks.as_strided])
def test_what_asks_for_the_memory_gets_an_error(ask):
    with pytest.raises((MissingAttributeError, DetachedError)):
        seen_by(ask)


@pytest.mark.parametrize("ask", [memoryview, bytes, bytearray, np.frombuffer])
def test_what_asks_for_a_buffer_gets_none(ask):
    with pytest.raises(TypeError):
        seen_by(ask)


def test_a_new_plain_array_shows_its_memory():
    def function(x):
        new = fnp.ones((2, 3))
        assert new.strides == (24, 8)
        assert new.flags.writeable
        assert new.tobytes() == np.ones((2, 3)).tobytes()
        assert np.array_equal(np.lib.stride_tricks.as_strided(new, (3,), (8,)), np.ones(3))
        assert np.array_equal(np.from_dlpack(new), np.ones((2, 3)))
        with pytest.raises(MissingAttributeError, match="no resize"):
            new.resize(3)
        return np.sum(x * new)

    assert jvp(function, (A,), (A,))[1] == np.sum(A)


def test_what_was_recorded_does_not_see_what_is_written_to_the_memory_afterwards():
    def function(x):
        new = fnp.ones(3)
        strides = new.strides
        product = x * new
        new[:] = 5.0
        return np.sum(product) * strides[0]

    assert grad(function)(np.ones(3)).tolist() == [8, 8, 8]
