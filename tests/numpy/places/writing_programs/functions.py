"""Functions, methods and ufuncs that write."""

import numpy

from tests.numpy.places.writing_programs.registry import program

MASK = numpy.array([True, False, True])


@program
def functions_that_write(np, x):
    out = np.zeros((3, 3))
    np.copyto(out, x)
    np.fill_diagonal(out, x**2)
    np.put(out, [1, 5], x[:2] * 3)
    np.copyto(out, x[0], where=MASK)
    return out


@program
def place_and_putmask(np, x):
    out = np.zeros((2, 3))
    np.place(out, np.array([[True, False, True], [False, True, True]]), x * 2)
    np.putmask(out, np.array([[False, True, False], [True, False, False]]), x**2)
    return out


@program
def put_along_an_axis(np, x):
    out = np.outer(x, x)
    np.put_along_axis(out, np.array([[2], [0], [1]]), (x**3)[:, None], 1)
    np.put_along_axis(out, np.array([0, 8]), x[:2], None)
    return out


@program
def a_wrapped_diagonal(np, x):
    out = np.zeros((7, 2))
    np.fill_diagonal(out, x[0] * x[1], wrap=True)
    return out


@program
def methods_that_write(np, x):
    y = np.outer(x, x)
    y.put([0, 1], x[1:])
    y[2].fill(x[0])
    y.flat[4] = x[2] ** 2
    y.flat[6:8] = x[:2]
    return y


@program
def the_elements_of_flat_are_copies(np, x):
    y = np.outer(x, x)
    part, whole = y.flat[1:5], y.T.flat.copy()
    part[0] = whole[1] = x[0] ** 3
    walk = y.flat
    y[0, 1] = x[2] ** 3
    first, second = next(walk), next(walk)
    return np.concatenate([part, whole, np.reshape(y, -1), np.stack([first, second, *walk])])


@program
def parts_that_are_set(np, x):
    z = x * (1 + 2j)
    z.real = x[0] * x[1]
    z[1:].imag = x[:2] ** 2
    y = x * 2.0
    y.real = x[::-1] ** 2
    return np.concatenate([z.real, z.imag, y])


@program
def sorting_in_place(np, x):
    y = np.stack([x, -x * x])
    y.sort()
    y[1].partition(1)
    return y


@program
def out_of_a_ufunc(np, x):
    out = np.zeros_like(x)
    result = np.multiply(x, x, out=out)
    np.exp(x, out=out, where=x > 0)
    np.add(out, 1.0, out)
    return result * out


@program
def at_repeated_elements(np, x):
    out = np.ones_like(x)
    np.add.at(out, [0, 0, 2], x)
    np.multiply.at(out, [1, 1, 2], x)
    np.negative.at(out, [0])
    np.subtract.at(out, (MASK,), x[:2])
    return out
