"""The generators are NumPy's: of its types, with its streams, pickled, copied and spawned as they are."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

import fgrad.numpy as fnp
from fgrad import MissingRuleError, grad

KINDS = {"default_rng": "Generator", "RandomState": "RandomState"}


@pytest.mark.parametrize(("maker", "kind"), KINDS.items())
def test_a_generator_is_one_of_numpys(maker, kind):
    rng = getattr(fnp.random, maker)(0)
    assert isinstance(rng, getattr(np.random, kind))
    assert type(rng) is getattr(fnp.random, kind)
    assert str(rng) == str(getattr(np.random, maker)(0))


@pytest.mark.parametrize("maker", KINDS)
@pytest.mark.parametrize("again", [lambda rng: pickle.loads(pickle.dumps(rng)), copy.deepcopy])
def test_a_generator_comes_back_from_a_pickle_in_its_state(maker, again):
    rng = getattr(fnp.random, maker)(0)
    rng.normal(size=3)  # an odd number: RandomState keeps the other one of a pair
    other = again(rng)
    assert type(other) is type(rng)
    assert other is not rng
    assert grad(lambda s: other.normal(0.0, s))(1.0) == rng.normal()
    assert other.normal() == rng.normal()


def test_a_generator_spawns_generators_that_can_be_differentiated():
    theirs, ours = np.random.default_rng(0).spawn(2), fnp.random.default_rng(0).spawn(2)
    assert all(type(child) is fnp.random.Generator for child in ours)
    for one, other in zip(theirs, ours, strict=True):
        assert grad(lambda s, rng=other: rng.normal(0.0, s))(1.0) == one.normal()


def test_a_generator_is_made_of_what_numpy_makes_one_of():
    bits = np.random.PCG64(7)
    expected = np.random.Generator(np.random.PCG64(7)).normal()
    assert grad(lambda s: fnp.random.Generator(bits).normal(0.0, s))(1.0) == expected
    assert fnp.random.default_rng(fnp.random.PCG64(7)).normal() == expected
    assert fnp.random.default_rng(np.random.SeedSequence(7)).bit_generator is not None
    rng = fnp.random.default_rng(7)
    assert fnp.random.default_rng(rng) is rng
    assert fnp.random.default_rng() is not fnp.random.default_rng()


def test_a_generator_of_numpys_shares_its_stream():
    theirs = np.random.default_rng(7)
    expected = np.random.default_rng(7).normal(size=3)
    ours = fnp.random.default_rng(theirs)
    found = [theirs.normal(), grad(lambda s: ours.normal(0.0, s))(1.0), theirs.normal()]
    assert found == expected.tolist()


def test_a_traced_seed_is_refused():
    with pytest.raises(MissingRuleError, match=r"numpy\.random\.default_rng has no derivative rule"):
        grad(lambda x: fnp.random.default_rng(x).normal())(1.0)


def test_every_public_name_is_there():
    assert set(dir(fnp.random)) == set(np.random.__all__) - {"test"}
    assert [name for name in np.random.__all__ if not hasattr(fnp.random, name)] == []
    assert fnp.random.PCG64 is np.random.PCG64
    with pytest.raises(AttributeError, match=r"neither numpy\.random nor fgrad\.numpy\.random"):
        fnp.random.normals  # noqa: B018


def test_the_namespace_is_imported_when_it_is_asked_for():
    code = "import fgrad, sys; print('fgrad.numpy.random' in sys.modules, 'numpy.random' in sys.modules)"
    plain = "import numpy, sys; print(False, 'numpy.random' in sys.modules)"
    found, expected = (
        subprocess.run([sys.executable, "-c", c], capture_output=True, text=True, check=True).stdout
        for c in (code, plain)
    )
    assert found == expected
