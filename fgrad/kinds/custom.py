"""Operations whose rule is given as VJPs or JVPs, one of which is enough.

A VJP is a maker ``(ans, *args, **kwargs) -> (g -> cotangent)``; a JVP is ``(t, ans, *args, **kwargs) ->
tangent``.  ``"same"`` for a JVP says that the operation is linear in that argument, and None for either
that its derivative is zero.  Where only one was given the other is its transpose: both are linear, in the
cotangent and in the tangent.  It is found by running the given one under reverse mode, or, where that one
computes with code that takes plain arrays only, from its values on a basis.

Arguments and result may be containers; cotangents and tangents then are containers like them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from fgrad.core.box import Box, is_variable
from fgrad.core.errors import InputError, MissingRuleError, RegistrationError
from fgrad.core.primitive import Primitive
from fgrad.core.pytree import paths
from fgrad.core.spec import Spec, cast, spec_of, zeros
from fgrad.kinds.call import Call
from fgrad.kinds.evaluation import Evaluation
from fgrad.kinds.foreign import for_each_example
from fgrad.kinds.rule import Choice, Rule
from fgrad.modes.tape import ON_TRIAL, decline
from fgrad.modes.transpose import Linear, linear_transpose, transpose_by_basis

Rules = Mapping[int, Callable[..., Any] | str | None]


class Custom(Rule):
    """The rule of a primitive by explicit VJPs and JVPs, for positions of its arguments.

    ``series(primitive, mine, ans, args, **params)`` is a recurrence of its own for power series, if it has
    one.
    """

    sole = None

    def __init__(
        self, primitive: Primitive, vjps: Rules, jvps: Rules, choice: Choice | None = None, series: Any = None
    ) -> None:
        self.primitive = primitive
        self.choice = choice
        self.series = series
        self.vjps = dict(vjps)
        self.jvps = dict(jvps)
        ON_TRIAL[self.pull] = decline

    def describe(self, position: int) -> str:
        """Return the words for an argument."""
        names = self.primitive.argnames
        name = names[min(position, len(names) - 1)] if names else ""
        return f"argument {position}" + (f" ({name!r})" if name and name[0] != "*" else "")

    def has_rule(self, position: int, own: Rules, other: Rules) -> bool:
        """Say whether an argument has a derivative other than zero; raise if nothing is known of it.

        A mode's ``own`` rule counts first, the ``other`` mode's where there is none.
        """
        for rules in (own, other):
            if position in rules:
                return rules[position] is not None
        raise MissingRuleError(
            f"{self.primitive.name} has no derivative rule for {self.describe(position)}. "
            f"Register one with defvjp or defjvp (argnums=[{position}]); None means that it is zero."
        )

    def recurrence(self, mine: Any, ans: Any, args: Any, params: Any) -> Any:
        """Return how a coefficient of a power series follows, if there is an own way."""
        return self.series and self.series(self.primitive, mine, ans, args, **params)

    # reverse mode

    def vjp(self, active: Any, ans: Any, leaves: Any, params: Any) -> Any:
        """Return the leaves that have a derivative, their pull and its residual."""
        run = Evaluation(ans, leaves, params)
        positions = sorted({run.call.owners[i] for i in active})
        positions = [p for p in positions if self.has_rule(p, self.vjps, self.jvps)]
        moving = tuple(i for i in active if run.call.owners[i] in positions)
        if not moving:
            return None
        pulls = [(p, self.pull_of(p, run), run.specs(p)) for p in positions]
        return moving, self.pull, (moving, pulls, run.call, run.out_specs)

    def pull_of(self, position: int, run: Evaluation) -> Callable[[Any], Any]:
        """Return the function from the result's cotangent to an argument's."""
        return self.pull_of_examples(position, run) if run.is_variable else self.pull_of_one(position, run)

    def pull_of_one(self, position: int, run: Evaluation) -> Callable[[Any], Any]:
        """Return it by the VJP, or by the transpose of the JVP."""
        maker: Any = self.vjps.get(position)
        if maker is not None:
            pull: Callable[[Any], Any] = maker(run.ans, *run.args, **run.kwargs)
            if not callable(pull):
                raise RegistrationError(
                    f"the VJP maker of {self.primitive.name} for {self.describe(position)} must return a "
                    f"function of the cotangent g; it returned {type(pull).__name__}"
                )
            return pull
        specs = run.specs(position)

        def transposed(g: Any) -> Any:
            gs = run.call.result_leaves(g, "the cotangent")
            found = transpose(lambda ts: self.push(position, ts, run), specs, gs, self.pull)
            return run.call.argument(position, found)

        return transposed

    def pull_of_examples(self, position: int, run: Evaluation) -> Callable[[Any], Any]:
        """Return it where values differ between examples, for each of which the rule may have to run."""
        count = len(run.out_specs)

        def pulled(values: list[Any]) -> list[Any]:
            each = run.at(values[count:])
            return self.pulled(each.call, self.pull_of_one(position, each), position, values[:count])

        def pull(g: Any) -> Any:
            values = [*run.call.result_leaves(g, "the cotangent"), *run.out_leaves, *run.leaves]
            return run.call.argument(position, for_each_example(self.primitive.name, pulled, values))

        return pull

    def pulled(self, call: Call, pull: Callable[[Any], Any], position: int, gs: list[Any]) -> list[Any]:
        """Return the leaves of what a pull returns for the leaves of a cotangent."""
        what = f"the VJP of {self.primitive.name} for {self.describe(position)}"
        return self.leaves_of(call.argument_leaves, pull(call.returned(gs)), position, what)

    def pull(self, g: Any, residual: Any) -> Any:
        """Pull back to each moving leaf, and check what the rules give."""
        moving, pulls, call, out_specs = residual
        parts = g if type(g) is tuple else (g,)
        gs = [zeros(spec) if part is None else part for part, spec in zip(parts, out_specs, strict=True)]
        found: dict[int, Any] = {}
        for position, pull, specs in pulls:
            what = f"the VJP of {self.primitive.name} for {self.describe(position)}"
            pulled = partial(self.pulled, call, pull, position)
            cotangents = for_each_example(self.primitive.name, pulled, gs)
            fitted = checked(cotangents, specs, call.structures[position], what)
            found.update(zip(call.places(position), fitted, strict=True))
        return found[moving[0]] if len(moving) == 1 else tuple(found[i] for i in moving)

    @staticmethod
    def leaves_of(flatten: Callable[..., list[Any]], tree: Any, *where: Any) -> list[Any]:
        """Return the leaves of what a rule gave; a wrong container is an error of the registration."""
        try:
            return flatten(tree, *where)
        except InputError as error:
            raise RegistrationError(f"{error}; that is what the rule returned") from None

    # forward mode

    def jvp(self, tangents: Any, ans: Any, leaves: Any, params: Any) -> Any:
        """Return the tangent of the result, a tuple for several, or None if it is zero."""
        run = Evaluation(ans, leaves, params)
        total: list[Any] | None = None
        for position in sorted({run.call.owners[i] for i, t in enumerate(tangents) if t is not None}):
            if not self.has_rule(position, self.jvps, self.vjps):
                continue
            ts = [
                zeros_like(leaves[i]) if tangents[i] is None else tangents[i]
                for i in run.call.places(position)
            ]
            term = self.push_of(position, ts, run)
            total = term if total is None else [a + b for a, b in zip(total, term, strict=True)]
        if total is None or type(ans) is tuple:
            return total
        return total[0]

    def push(self, position: int, ts: list[Any], run: Evaluation) -> list[Any]:
        """Return the leaves of the result's tangent for those of an argument, by its JVP."""
        rule: Any = self.jvps[position]
        what = f"the JVP of {self.primitive.name} for {self.describe(position)}"
        if rule == "same":
            leaves = list(run.leaves)
            for i, t in zip(run.call.places(position), ts, strict=True):
                leaves[i] = t
            call = {"call": run.call} if type(run.call) is Call else {}
            moved = self.primitive.bind(leaves, {**run.params, **call})
            parts = list(moved) if type(moved) is tuple else [moved]
        elif type(run.call) is Call:
            moved = rule(run.call.argument(position, ts), run.ans, *run.args, **run.kwargs)
            parts = self.leaves_of(run.call.result_leaves, moved, what)
        else:
            moved = rule(ts[0], run.ans, *run.args, **run.kwargs)
            parts = list(moved) if type(moved) is tuple else [moved]
        return checked(parts, run.out_specs, run.call.result, what)

    def push_of(self, position: int, ts: list[Any], run: Evaluation) -> list[Any]:
        """Return the result's tangent."""
        if not (run.is_variable or any(map(is_variable, ts))):
            return self.push_of_one(position, ts, run)
        count = len(ts)

        def pushed(values: list[Any]) -> list[Any]:
            return self.push_of_one(position, values[:count], run.at(values[count:]))

        return for_each_example(self.primitive.name, pushed, [*ts, *run.out_leaves, *run.leaves])

    def push_of_one(self, position: int, ts: list[Any], run: Evaluation) -> list[Any]:
        """Return it by the JVP, or by the transpose of the VJP."""
        if self.jvps.get(position) is not None:
            return self.push(position, ts, run)
        pull = self.pull_of(position, run)
        what = f"the VJP of {self.primitive.name} for {self.describe(position)}"
        specs = run.specs(position)

        def pulled(gs: list[Any]) -> list[Any]:
            cotangents = self.pulled(run.call, pull, position, gs)
            return checked(cotangents, specs, run.call.structures[position], what)

        return transpose(pulled, run.out_specs, ts)


def transpose(function: Linear, specs: list[Spec], gs: list[Any], opaque: Any = None) -> list[Any]:
    """Return the transpose of a rule, applied to ``gs``."""
    try:
        return linear_transpose(function, specs, gs, opaque)
    except Exception:
        # Whatever foreign code says when it is given a box.  An error that is the rule's own comes again.
        return transpose_by_basis(function, specs, gs)


def zeros_like(leaf: Any) -> Any:
    """Return the zero tangent of a leaf; what is not of numbers stands for itself."""
    spec = spec_of(leaf)
    return zeros(spec) if spec.dtype.kind in "fciub" else leaf


def checked(results: list[Any], specs: list[Spec], structure: Any, what: str) -> list[Any]:
    """Return the leaves that a rule gave, each with the dtype that is needed; raise if one is wrong."""
    leaves = []
    for i, (result, spec) in enumerate(zip(results, specs, strict=True)):
        if spec.dtype.kind not in "fc":  # a count or a label does not move, whatever stands in its place
            leaves.append(zeros(spec))
            continue
        wrong = fault(result, spec)
        if wrong is not None:
            raise RegistrationError(f"{paths(structure, what)[i]} returned {wrong}")
        if spec_of(result).dtype != spec.dtype:
            result = cast(result, spec.dtype)
        # A rule may return an array that it keeps, or one of the arguments.  Behind a view it is copied
        # before a user can write into it.
        leaves.append(result.view() if type(result) is np.ndarray else result)
    return leaves


def fault(result: Any, spec: Spec) -> str | None:
    """Return what is wrong with a rule's result where an array of ``spec`` is needed, or None."""
    is_number = isinstance(result, int | float | complex)
    if type(result) is not Box and not hasattr(result, "dtype") and not is_number:
        return f"{type(result).__name__} where an array of shape {spec.shape} is needed"
    shape, dtype = spec_of(result)
    if shape != spec.shape:
        return f"shape {shape} where shape {spec.shape} is needed"
    if dtype.kind not in "fciub":
        return f"dtype {dtype} where numbers are needed"
    return None
