"""What an optimiser is: an update rule for one array, carried to containers and to whole runs.

A rule is a frozen dataclass of its hyperparameters with two methods: what it remembers of an array at the
start, and one step.  All else is here, once: the pair ``init`` and ``update``, and ``run``, which is a loop
around them.  Everything is a pure function made of NumPy's functions, so a run can be differentiated like
any other code, with respect to the start and, since a dataclass is a container, to the hyperparameters.

>>> import fgrad.numpy as np
>>> from fgrad import grad
>>> from fgrad.optimizers import SGD
>>> def trained(optimizer):
...     return optimizer.run(grad(lambda x: x * x), 1.0, num_iters=2)
>>> trained(SGD(step_size=0.25, mass=0.0))  # (1 - 2 * step_size)**2
0.25
>>> round(grad(trained)(SGD(step_size=0.25, mass=0.0)).step_size, 12)
-2.0
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import numpy as np

from fgrad.core.errors import ArgumentError, InputError
from fgrad.core.pytree import flatten_as, unflatten
from fgrad.core.spec import Spec, cast, spec_of
from fgrad.optimizers.numbers import (
    check_finite,
    count_of,
    gradient_of,
    parameters_of,
    real_number,
    takes_iteration,
)
from fgrad.optimizers.progress import Progress
from fgrad.transforms.arguments import finish_leaf

_NUMBER = Spec((), np.dtype(np.float64))

#: A number, or a function from the iteration, counted from 0, to a number.
StepSize = float | Callable[[int], float]

_DIVERGED = (
    "No step was taken. Lower step_size if the run diverges, or find out where the function or its "
    "derivative leaves its domain."
)


class State(NamedTuple):
    """What an optimiser carries from one update to the next.  It is a container, like any named tuple.

    Attributes
    ----------
    iteration : int
        How many updates were made.
    memory : dict of containers
        For each quantity that the rule remembers, a container like the parameters.
    """

    iteration: int
    memory: dict[str, Any]


class Optimizer:
    """Base class of the update rules.

    A rule of one's own is a frozen dataclass with a field ``step_size``, the name that messages call it by,
    and the methods :meth:`start` and :meth:`step`.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> import fgrad.numpy as np
    >>> from fgrad.optimizers import Optimizer
    >>> @dataclass(frozen=True)
    ... class SignDescent(Optimizer):
    ...     step_size: float = 1.0
    ...     name = "sign descent"
    ...     def step(self, x, g, memory, step_size, i):
    ...         return x - step_size * np.sign(g), memory
    >>> SignDescent().run(lambda x: 2.0 * x, np.array([3.0, -2.0]), num_iters=2)
    array([1., 0.])
    """

    name: ClassVar[str] = "optimizer"
    step_size: StepSize

    def __post_init__(self) -> None:
        if not callable(self.step_size):
            real_number(self.step_size, f"{self.name}: step_size")

    def start(self, spec: Spec) -> dict[str, Any]:
        """Return what the rule remembers of an array before the first step.

        Parameters
        ----------
        spec : Spec
            The array's ``shape`` and ``dtype``.

        Returns
        -------
        dict of arrays
            Of the array's shape.  It remembers nothing by default.
        """
        return {}

    def step(
        self, x: Any, g: Any, memory: dict[str, Any], step_size: Any, i: int
    ) -> tuple[Any, dict[str, Any]]:
        """Return an array after a step, and what the rule remembers of it then.

        Parameters
        ----------
        x : array
            The parameter.
        g : array
            The direction of steepest ascent: the gradient, conjugated where it is complex.
        memory : dict of arrays
            What :meth:`start` or the step before returned.
        step_size : float
            The step size of this iteration.
        i : int
            The iteration, from 0.
        """
        raise TypeError(f"{type(self).__name__} does not say what a step is; give it a method 'step'")

    def init(self, params: Any) -> State:
        """Return the state before the first update.

        Parameters
        ----------
        params : number, array, or container of them
            Where the optimisation starts; only structure, shapes and dtypes matter.

        Raises
        ------
        InputError
            If a leaf is not a number or an array of numbers.
        """
        leaves, structure = parameters_of(params, f"{self.name}: params")
        return self._state(0, [self.start(spec_of(leaf)) for leaf in leaves], structure)

    def update(self, gradient: Any, state: State, params: Any) -> tuple[Any, State]:
        """Return the parameters and the state after one step.

        A pure function: nothing of what it is given is modified, and the result shares no array with it.

        Parameters
        ----------
        gradient : container
            The gradient at ``params``, of its structure and shapes, in the convention of :func:`fgrad.grad`.
        state : State
            What ``init`` or the update before returned.
        params : number, array, or container of them
            The parameters.

        Returns
        -------
        params : container
            Of the same structure, shapes and dtypes; floats for ints.
        state : State
            To be given to the next update.

        Raises
        ------
        InputError, ArgumentError
            If a leaf of the parameters is not of numbers; if the gradient or the state does not fit them; if
            an element of the gradient is NaN or infinite.
        """
        leaves, structure = parameters_of(params, f"{self.name}: params")
        if not isinstance(state, State):
            raise InputError(
                f"{self.name}: the state must be what init or update returned; got {type(state).__name__}. "
                "The order is update(gradient, state, params)."
            )
        i = state.iteration
        gs = gradient_of(gradient, leaves, structure, f"{self.name}: gradient")
        check_finite(gs, structure, f"{self.name}: gradient", f"at iteration {i}. {_DIVERGED}")
        memories = self._memories(state, leaves, structure)
        step_size = self.step_size_at(i)
        moved, remembered = [], []
        for x, g, memory in zip(leaves, gs, memories, strict=True):
            ascent = np.conjugate(g) if spec_of(g).dtype.kind == "c" else g
            new, after = self.step(x, ascent, memory, step_size, i)
            moved.append(finish_leaf(_with_dtype(new, x), x, set()))
            remembered.append({name: _with_dtype(after[name], memory[name]) for name in memory})
        return unflatten(structure, moved), self._state(i + 1, remembered, structure)

    def run(
        self,
        grad: Callable[..., Any],
        x0: Any,
        callback: Callable[..., Any] | None = None,
        num_iters: int = 100,
        *,
        progress: bool | None = None,
    ) -> Any:
        """Return the parameters after a number of updates.

        Parameters
        ----------
        grad : callable
            The gradient, ``grad(x, i)`` with the iteration ``i`` from 0, or ``grad(x)`` if its signature has
            one positional parameter.  A second one must have no default: the iteration is not put in the
            place of something else.
        x0 : number, array, or container of them
            The start.
        callback : callable, optional
            ``callback(x, i, g)`` is called before each step, with the parameters and the gradient there.  If
            it returns a number, the progress bar shows it.
        num_iters : int, default 100
            The number of steps.
        progress : bool, optional
            Whether to show a progress bar, which needs tqdm.  By default a run of more than a second shows
            one if tqdm is installed and the output is a terminal or a notebook.

        Returns
        -------
        container
            Of the structure, shapes and dtypes of ``x0`` (floats for ints), and new.

        Raises
        ------
        InputError, ArgumentError
            If a leaf of ``x0`` is not of numbers, ``num_iters`` is negative, the gradient has another
            structure or other shapes than ``x0``, or an element of it is NaN or infinite; if the signature of
            ``grad`` does not say whether it takes the iteration.
        ImportError
            If ``progress`` is true and tqdm is not installed.
        """
        count = count_of(num_iters, f"{self.name}: num_iters")
        if not callable(grad):
            raise InputError(
                f"{self.name}: grad must be a function of (x, i) or of x, such as fgrad.grad(loss); "
                f"got {type(grad).__name__}"
            )
        leaves, structure = parameters_of(x0, f"{self.name}: x0")
        x = unflatten(structure, [leaf.copy() if type(leaf) is np.ndarray else leaf for leaf in leaves])
        state = self.init(x)
        with_iteration = takes_iteration(grad, self.name)
        with Progress(progress, self.name, count) as bar:
            for i in range(count):
                g = grad(x, i) if with_iteration else grad(x)
                value = callback(x, i, g) if callback is not None else None
                x, state = self.update(g, state, x)
                bar.show(i + 1, value)
        return x

    def step_size_at(self, i: int) -> Any:
        """Return the step size of an iteration."""
        if callable(self.step_size):
            return real_number(self.step_size(i), f"{self.name}: step_size({i})")
        return real_number(self.step_size, f"{self.name}: step_size")

    def _state(self, iteration: int, memories: list[dict[str, Any]], structure: Any) -> State:
        """Return a state from what is remembered of each leaf."""
        names = memories[0]
        return State(iteration, {name: unflatten(structure, [m[name] for m in memories]) for name in names})

    def _memories(self, state: State, leaves: list[Any], structure: Any) -> list[dict[str, Any]]:
        """Return what a state remembers of each leaf; raise if it is the state of other parameters."""
        names = set(self.start(_NUMBER))
        if set(state.memory) != names:
            raise ArgumentError(
                f"{self.name}: the state remembers {sorted(state.memory)}; it must remember {sorted(names)}. "
                f"Make it with the init of this {type(self).__name__}."
            )
        columns = {}
        for name, tree in state.memory.items():
            what = f"{self.name}: state.memory[{name!r}]"
            columns[name] = flatten_as(tree, structure, what)
            for part, leaf in zip(columns[name], leaves, strict=True):
                if spec_of(part).shape != spec_of(leaf).shape:
                    raise ArgumentError(
                        f"{what} holds shape {spec_of(part).shape} for a parameter of shape "
                        f"{spec_of(leaf).shape}. A state belongs to the parameters that init was given."
                    )
        return [{name: column[k] for name, column in columns.items()} for k in range(len(leaves))]


def _with_dtype(value: Any, like: Any) -> Any:
    """Return a value with the dtype of what it replaces: a hyperparameter may have had a wider one."""
    dtype = spec_of(like).dtype
    return value if spec_of(value).dtype == dtype else cast(value, dtype)
