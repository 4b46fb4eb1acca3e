"""Every public function of NumPy's: differentiated, constant, or refused by name; never silently detached."""

import types

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad.core.box import Box
from fgrad.core.errors import FgradError
from fgrad.core.pytree import flatten
from fgrad.core.registry import IMPLEMENTATIONS, PRIMITIVES
from fgrad.kinds.constant import Constant
from fgrad.modes.reverse import ReverseTrace

NAMESPACES = {"numpy": (np, fnp), "numpy.linalg": (np.linalg, fnp.linalg), "numpy.fft": (np.fft, fnp.fft)}

#: Their results have no derivative: they depend on shape and type alone, on a traced condition or a plain
#: fill value, are zero for the real arguments here, or are None where the first argument is written into.
WITHOUT_DERIVATIVE = """
gradient
arange compress copyto diag_indices_from empty_like extract fill_diagonal full_like heaviside imag
iscomplexobj isrealobj isscalar iterable lexsort matrix_rank ndim ones_like place put put_along_axis putmask
result_type shape size tril_indices_from triu_indices_from where zeros_like
""".split()

#: These take functions, text, types, counts or files, and none of NumPy's arrays.
NOT_OF_ARRAYS = """
test show_runtime
asarray_chkfinite base_repr binary_repr bmat busday_count busday_offset datetime_as_string datetime_data
einsum_path errstate format_float_positional format_float_scientific fromfile fromfunction fromregex
fromstring genfromtxt get_include get_printoptions getbufsize geterr geterrcall is_busday isdtype issubdtype
load loadtxt mask_indices printoptions promote_types save savetxt savez savez_compressed
set_printoptions setbufsize seterr seterrcall show_config tri tril_indices triu_indices info
diag_indices indices ones zeros empty identity eye frombuffer fromiter frompyfunc from_dlpack
broadcast_shapes can_cast common_type min_scalar_type mintypecode typename
""".split()


def functions():
    for module, (theirs, _) in NAMESPACES.items():
        for name in theirs.__all__:
            value = getattr(theirs, name)
            is_function = callable(value) and not isinstance(value, type | types.ModuleType)
            if is_function and name not in NOT_OF_ARRAYS and not name.startswith("_"):
                yield module, name


def probes():
    """Return arguments to try, each with boxes of one trace in it."""
    trace = ReverseTrace("a test")
    scalar, vector = trace.root(0.5), trace.root(np.array([0.5, 0.25, 2.0]))
    square = trace.root(np.array([[2.0, 0.5], [0.5, 1.0]]))
    return [
        (scalar,),
        (vector,),
        (square,),
        ([scalar, scalar],),
        (scalar, scalar),
        (vector, vector),
        (square, square),
        (vector, 1),
        (vector, vector > 0.3),
        ([vector, vector],),
        (vector, vector, vector),
    ]


def outcomes(function):
    """Return what a function made of the probes that fit its signature."""
    for args in probes():
        try:
            yield function(*args)
        except FgradError as error:
            yield error
        except (TypeError, ValueError, IndexError, AttributeError, np.linalg.LinAlgError):
            continue  # these arguments do not fit


def holds_box(result):
    return any(type(leaf) is Box for leaf in flatten(result)[0])


def detached(results):
    """Return the results that are neither traced nor an error."""
    return [result for result in results if not isinstance(result, FgradError) and not holds_box(result)]


def is_constant(theirs):
    primitive = PRIMITIVES.get(theirs)
    return primitive is not None and isinstance(primitive.rule, Constant)


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize(("module", "name"), list(functions()))
def test_a_traced_value_is_differentiated_or_refused_by_name(module, name):
    theirs, ours = (getattr(namespace, name) for namespace in NAMESPACES[module])
    found = list(outcomes(ours))
    errors = [result for result in found if isinstance(result, FgradError)]
    plain = detached(found)
    if name not in WITHOUT_DERIVATIVE and not is_constant(theirs):
        assert plain == [], f"{name} returned a value without a derivative"
    if theirs not in IMPLEMENTATIONS:
        assert len(errors) == len(found)
        assert any(f"{name} has no derivative rule" in str(error) for error in errors), found


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("module", "name"), list(functions()))
def test_code_that_imports_numpy_itself_never_detaches_a_value_silently(module, name):
    theirs = getattr(NAMESPACES[module][0], name)
    plain = [
        result for result in outcomes(theirs) if not isinstance(result, FgradError) and not holds_box(result)
    ]
    if name not in WITHOUT_DERIVATIVE and not is_constant(theirs):
        assert plain == [], f"{name} returned a value without a derivative"


@pytest.mark.parametrize("module", NAMESPACES)
def test_every_public_name_is_there(module):
    theirs, ours = NAMESPACES[module]
    assert [name for name in theirs.__all__ if name != "test" and not hasattr(ours, name)] == []
    assert set(theirs.__all__) - {"test"} == set(dir(ours))


def test_star_import_gives_numpys_names():
    namespace = {}
    exec("from fgrad.numpy import *", namespace)
    assert namespace["sin"] is fnp.sin
    assert namespace["pi"] == np.pi
    assert "annotations" not in namespace


def test_a_name_that_numpy_does_not_have_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"neither numpy nor fgrad\.numpy has an attribute 'sine'"):
        fnp.sine  # noqa: B018


def test_constants_and_types_are_numpys():
    assert fnp.float32 is np.float32
    assert fnp.newaxis is np.newaxis
    assert fnp.inf == np.inf
