"""The errors that fgrad raises, under one base class.

Each is also the builtin that people would catch, so ``except TypeError`` keeps working in code that
knows nothing of fgrad.  A message states what was received, why it cannot be done, and what to do.

>>> from fgrad import FgradError, grad
>>> try:
...     grad(lambda x: x)("text")
... except FgradError as error:
...     isinstance(error, TypeError)
True
"""


class FgradError(Exception):
    """Base class of every error that fgrad raises on purpose."""


class InputError(FgradError, TypeError):
    """A value of a type that does not do: a str to differentiate, a complex number for a real array."""


class OutputError(FgradError, TypeError):
    """The function's result does not fit the transform: not a scalar, not real, not an array."""


class ArgumentError(FgradError, ValueError):
    """A transform's own argument is wrong: ``argnums`` out of range, a tangent of another shape."""


class DetachedError(FgradError, TypeError):
    """Something tried to turn a traced value into a plain one, which would lose the derivative."""


class BatchingError(FgradError, ValueError):
    """What would have to differ between examples that are computed at once: a branch, a count, a shape."""


class LeakedBoxError(FgradError, RuntimeError):
    """A traced value was used after the transform that made it had returned."""


class MissingRuleError(FgradError, NotImplementedError):
    """An operation has no derivative rule, or not for the arguments that it was given."""


class MissingAttributeError(FgradError, AttributeError):
    """An attribute or method of arrays that a traced array does not have."""


class RegistrationError(FgradError, ValueError):
    """A primitive or a rule was registered wrongly, or a registered rule gave a wrong result."""
