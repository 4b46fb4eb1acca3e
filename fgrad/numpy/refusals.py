"""The functions of NumPy that refuse a traced value: why, and what to use instead.

>>> reason("numpy.savetxt")
'It writes a file, which loses the derivative. Return the value, and write it afterwards.'
"""

from __future__ import annotations

_FILES_OUT = "It writes a file, which loses the derivative. Return the value, and write it afterwards."
_FILES_IN = "It reads a file or a buffer, whose numbers are constants. Pass plain arguments."
_SETTING = "It asks about NumPy or sets something in it, and takes no arrays. Call it with plain values."
_DATES = "It works on dates, which have no derivative. Compute them with plain values."
_TEXT = "Its result is text. print(x) and format(x) show the value of a traced x."
_DTYPES = "It takes dtypes, not values. Pass x.dtype."
_COUNTS = "Its arguments are counts and positions, which have no derivative. Pass plain integers."
_MATRIX = "numpy.matrix is a class of its own, which NumPy advises against. Use arrays and the operator @."
_BITS = "It works on bits. A traced value is a number that varies continuously; use arithmetic."
_ITERATORS = "It walks over NumPy's own memory. Iterate over the array, or index it."
_FUNCTIONS = "It wraps a function for NumPy's own loops. Call the function on the traced array itself."

_REASONS = {
    _FILES_OUT: "save savetxt savez savez_compressed",
    _FILES_IN: "from_dlpack frombuffer fromfile fromregex fromstring genfromtxt load loadtxt",
    _SETTING: """
        get_include get_printoptions getbufsize geterr geterrcall info printoptions set_printoptions
        setbufsize seterr seterrcall show_config show_runtime
    """,
    _DATES: "busday_count busday_offset datetime_as_string datetime_data is_busday",
    _TEXT: "base_repr binary_repr typename",
    _DTYPES: "isdtype issubdtype promote_types",
    _COUNTS: """
        bartlett blackman broadcast_shapes diag_indices empty eye hamming hanning
        identity indices mask_indices ones ravel_multi_index tri tril_indices triu_indices unravel_index zeros
    """,
    _MATRIX: "asmatrix bmat",
    _BITS: "packbits unpackbits",
    _ITERATORS: "nested_iters",
    _FUNCTIONS: "frompyfunc",
    "NumPy has deprecated it. Use numpy.vstack.": "row_stack",
    "NumPy has deprecated it. Use numpy.isin.": "in1d",
    "NumPy has deprecated it. Use numpy.trapezoid.": "trapz",
}

#: The reason for each name, without ``numpy.`` in front.
REFUSED = {name: text for text, names in _REASONS.items() for name in names.split()}


def reason(name: str) -> str | None:
    """Return why a function refuses traced values and what to use, or None if that is not known."""
    return REFUSED.get(name.removeprefix("numpy."))
