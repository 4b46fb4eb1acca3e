"""The words of NumPy and Python for primitives: signs, functions, and formulas of one or two arguments."""

from __future__ import annotations

#: Operators between two arguments, by the name of the function that does them.
INFIX = {
    "add": "+",
    "sub": "-",
    "subtract": "-",
    "mul": "*",
    "multiply": "*",
    "truediv": "/",
    "divide": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "and_": "&",
    "or_": "|",
    "xor": "^",
    "lshift": "<<",
    "rshift": ">>",
    "lt": "<",
    "le": "<=",
    "eq": "==",
    "ne": "!=",
    "gt": ">",
    "ge": ">=",
    "matmul": "@",
    # the products and quotients of rules; simplification looks at the values, see fgrad.sources.algebra
    "guarded": "*",
    "zero_product": "*",
    "quotient": "/",
}
PREFIX = {"neg": "-", "negative": "-", "pos": "+", "invert": "~"}
#: The functions behind private ones that bring arguments into one form; and how their parameters are called.
BEHIND: dict[str, tuple[str, dict[str, str]]] = {
    "_eig": ("np.linalg.eig", {}),
    "_eigh": ("np.linalg.eigh", {"triangle": "UPLO"}),
    "_svd": ("np.linalg.svd", {}),
    "_qr": ("np.linalg.qr", {}),
    "_slogdet": ("np.linalg.slogdet", {}),
    "_pinv": ("np.linalg.pinv", {}),
    "_fft": ("np.fft.fft", {}),
    "_ifft": ("np.fft.ifft", {}),
    "_rfft": ("np.fft.rfft", {}),
    "_irfft": ("np.fft.irfft", {}),
    "_i0": ("np.i0", {}),
    "_counts": ("np.bincount", {}),
    "_two_norm": ("np.linalg.norm", {}),
}
#: Formulas of one or two arguments, in which these stand in braces; each in parentheses if it is no name.
FORMULAS: dict[str, str] = {
    "tanh_slope": "1 / np.cosh({0}) ** 2",
    "arctan_slope": "1 / (1 + {0} ** 2)",
    "arcsin_slope": "1 / np.sqrt((1 - {0}) * (1 + {0}))",
    "arcsinh_slope": "1 / np.sqrt(1 + {0} ** 2)",
    "arccosh_slope": "1 / (np.sqrt({0} - 1) * np.sqrt({0} + 1))",
    "arctanh_slope": "1 / ((1 - {0}) * (1 + {0}))",
    "power_slope": "{1} * {0} ** ({1} - 1)",
    "power_log": "np.log({0}) * {0} ** {1}",
    "power_curve": "{1} * ({1} - 1) * {0} ** ({1} - 2)",
    "power_log_log": "np.log({0}) ** 2 * {0} ** {1}",
    "share": "1 / (1 + np.exp({1} - {0}))",
    "share2": "1 / (1 + np.exp2({1} - {0}))",
    "over_radius": "{0} / np.hypot({0}, {1})",
    "over_square": "{0} / ({0} ** 2 + {1} ** 2)",
    "_exponent": "np.frexp({0})[1]",
    "_fractional_part": "np.modf({0})[0]",
}
