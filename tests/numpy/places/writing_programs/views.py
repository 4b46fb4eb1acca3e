"""Views that show what is written, and copies that do not."""

import copy

import numpy

from tests.numpy.places.writing_programs.registry import program


@program
def a_row_of_a_row(np, x):
    out = np.zeros((2, 2, 3))
    out[0][1][2] = x[0]
    out[1, 0][:] = x**2
    return out


@program
def a_view_shows_what_is_written(np, x):
    out = np.zeros(4)
    view = out[1:3]
    out[1] = x[0]
    first = view * 2.0
    out[2] = x[1] ** 2
    return np.concatenate([first, view, out])


@program
def writing_through_a_view(np, x):
    out = x * 1.0
    view = out[1:]
    view[0] = x[2] ** 2
    view *= x[0]
    return out


@program
def another_shape_and_a_transpose(np, x):
    out = np.zeros((2, 3))
    out.reshape(-1)[4] = x[0]
    out.T[0, 0] = x[1]
    out.T[2][1] = x[2]
    np.flip(out, 0)[1, 1] = x[0] * x[2]
    np.moveaxis(out, 0, 1)[1, 1] += x[2]
    return out


@program
def a_view_of_a_view_of_traced(np, x):
    y = np.outer(x, x)
    row = y[1:][0]
    row[1:][1] = x[0]
    y[1, 0] = 0.0
    return y + row


@program
def a_flattened_copy_is_no_view(np, x):
    y = np.outer(x, x)
    flat = y.flatten()
    copied = y.copy()
    y[0] = 0.0
    return flat.reshape(3, 3) + copied + y


@program
def the_transpose_flattened_is_a_copy(np, x):
    y = np.outer(x, x**2)
    flat = y.T.reshape(-1)
    y[0, 1] = 0.0
    return flat + y.reshape(-1)


@program
def an_alias(np, x):
    y = x * 2
    z = y
    z[0] = x[1]
    z += 1
    return y


@program
def a_function_that_writes(np, x):
    def scale(array):
        array *= x[0]

    y = x**2
    scale(y)
    scale(y[:1])
    return y


@program
def a_view_of_all_elements_shows_what_is_written(np, x):
    y = np.stack([x, x * x])
    view, typed, row = y.view(), y.view(y.dtype), y[1].view(numpy.ndarray)
    view[0, 0] = x[1] * x[2]
    row *= 2.0
    y[0, 1] = x[0] ** 2
    return np.stack([y, view, typed])


@program
def copies_show_nothing(np, x):
    y = np.stack([x, x * x])
    shallow, deep = copy.copy(y), copy.deepcopy({"y": [y]})["y"][0]
    y[0] = x[0] * x[1]
    shallow[1, 1] = x[2] ** 2
    deep[1] += x
    return np.stack([y, shallow, deep])


@program
def the_base_of_views_is_the_array(np, x):
    y = np.stack([x, x * x])
    (y[1:].T)[0].base[0, 2] = x[0] ** 3
    return y
