"""Operators in place."""

from tests.numpy.places.writing_programs.registry import program


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
