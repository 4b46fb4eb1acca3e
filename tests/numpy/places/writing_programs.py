"""Programs that write into arrays, in NumPy code: ``program(np, x)`` with NumPy or fgrad.numpy for ``np``."""

import copy

import numpy

MASK = numpy.array([True, False, True])

#: By name.
PROGRAMS = {}


def program(function):
    PROGRAMS[function.__name__] = function
    return function


# item and slice assignment


@program
def elements_of_new_zeros(np, x):
    out = np.zeros(4)
    for i in range(3):
        out[i] = x[i] ** 2
    out[-1] = x[0] * x[1]
    return out


@program
def zeros_like_a_traced_array(np, x):
    out = np.zeros_like(x)
    out[:] = x[::-1] ** 2
    return out


@program
def a_slice_with_a_step(np, x):
    out = np.ones(6)
    out[::2] = x
    return out**2


@program
def a_scalar_into_a_slice(np, x):
    out = np.zeros((2, 3))
    out[:, 1:] = x[0] * x[2]
    return out


@program
def rows_that_broadcast(np, x):
    out = np.full((2, 3), 5.0)
    out[...] = x
    out[1] = x[1]
    out[0:1, :] = (x * x)[None]
    return out


@program
def a_mask(np, x):
    out = np.ones(3)
    out[x > 0] = x[x > 0] ** 2
    return out


@program
def repeated_elements_keep_the_last(np, x):
    out = np.zeros(4)
    out[[0, 1, 1, 3]] = np.concatenate([x, x[:1] * 2])
    return out


@program
def index_arrays_and_slices(np, x):
    out = np.zeros((3, 3))
    out[[0, 2], 1:] = x[:2]
    out[np.array([1, 1]), np.array([0, 0])] = x[1:]
    return out


@program
def a_copy_of_the_argument(np, x):
    y = x.copy()
    y[0] = y[1] * y[2]
    return y * x


@program
def the_result_of_an_operation(np, x):
    y = 3 * x
    y[1] = 5.0
    y[2] = x[0]
    return y**2


@program
def an_element_in_place(np, x):
    out = np.ones(3)
    out[1] += x[0]
    out[1] *= x[2]
    out[0] -= x[1]
    return out


@program
def plain_values_between(np, x):
    out = np.zeros(3)
    out[0] = 2.0
    product = out * x
    out[0] = 7.0
    out[1] = 3.0
    return product + out * x**2


@program
def what_was_computed_before_keeps_the_old_value(np, x):
    y = x * 1.0
    before = y * y
    y[0] = 100.0
    return before + y


@program
def a_prefix_sum(np, x):
    out = np.empty(3)
    out[0] = x[0]
    for i in range(1, 3):
        out[i] = out[i - 1] * x[i]
    return out


# views


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


# operators in place


@program
def operators_in_place(np, x):
    y = x * 1.0
    y += x
    y *= x
    y -= 2.0
    y /= x + 5
    y **= 2
    return y


@program
def the_argument_itself(np, x):
    y = x
    y += 1
    y -= x / 2
    return y * x


@program
def a_total(np, x):
    total = np.zeros(3)
    for i in range(4):
        total += x**i
    return total


@program
def a_number_is_not_written_into(np, x):
    s = x[0]
    t = s
    t += x[1]
    return np.stack([s, t])


@program
def a_matrix_product_in_place(np, x):
    y = np.outer(x, x)
    y @= np.eye(3)[::-1]
    y %= 1.5
    return y


# functions and methods that write


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


# ufuncs that write


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
