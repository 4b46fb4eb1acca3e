"""A recurrent network, unrolled: small matrix products, each weight used at every step."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks.workload import Workload


def recurrent(steps: int, batch: int, inputs: int, hidden: int) -> Workload:
    """Return the squared error of the last state's readout as a function of a dict of weights."""
    rng = np.random.default_rng(0)
    sequence = rng.normal(size=(steps, batch, inputs))
    targets = rng.normal(size=(batch, 1))

    def loss(np: Any, params: Any) -> Any:
        from_input, from_state, bias = params["from_input"], params["from_state"], params["bias"]
        state = np.zeros((batch, hidden))
        for x in sequence:
            state = np.tanh(x @ from_input + state @ from_state + bias)
        return np.mean((state @ params["readout"] - targets) ** 2)

    def by_hand(params: Any) -> tuple[Any, Any]:
        from_input, from_state, bias = params["from_input"], params["from_state"], params["bias"]
        states = [np.zeros((batch, hidden))]
        for x in sequence:
            states.append(np.tanh(x @ from_input + states[-1] @ from_state + bias))
        errors = states[-1] @ params["readout"] - targets
        g_errors = errors * (2 / batch)
        gradient = {name: np.zeros_like(value) for name, value in params.items()}
        gradient["readout"] = states[-1].T @ g_errors
        g_state = g_errors @ params["readout"].T
        for step in reversed(range(steps)):
            g_sum = g_state * (1 - states[step + 1] ** 2)
            gradient["from_input"] += sequence[step].T @ g_sum
            gradient["from_state"] += states[step].T @ g_sum
            gradient["bias"] += np.sum(g_sum, axis=0)
            g_state = g_sum @ from_state.T
        return np.mean(errors**2), gradient

    params = {
        "from_input": rng.normal(size=(inputs, hidden)) / np.sqrt(inputs),
        "from_state": rng.normal(size=(hidden, hidden)) / np.sqrt(hidden),
        "bias": rng.normal(size=hidden) / 10,
        "readout": rng.normal(size=(hidden, 1)) / np.sqrt(hidden),
    }
    summary = f"a recurrent network, {steps} steps of {hidden} units on a batch of {batch}"
    return Workload(summary, loss, by_hand, params)
