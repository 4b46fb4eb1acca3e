"""Where the programs are found."""

#: By name.
PROGRAMS = {}


def program(function):
    PROGRAMS[function.__name__] = function
    return function
