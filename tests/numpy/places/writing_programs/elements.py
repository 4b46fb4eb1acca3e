"""Item and slice assignment."""

from tests.numpy.places.writing_programs.registry import program


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
