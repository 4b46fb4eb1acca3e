"""Rosenbrock's function of a container, and SciPy's methods that are to find its minimum."""

import numpy as np

FIRST_ORDER = ["CG", "BFGS", "L-BFGS-B", "TNC", "SLSQP"]
WITH_PRODUCTS = ["Newton-CG", "trust-ncg", "trust-krylov", "trust-constr"]
WITH_HESSIAN = ["dogleg", "trust-exact"]
WITHOUT_DERIVATIVES = ["Nelder-Mead", "Powell", "COBYLA", "COBYQA"]
METHODS = FIRST_ORDER + WITH_PRODUCTS + WITH_HESSIAN + WITHOUT_DERIVATIVES


def rosenbrock(params):
    return 100.0 * (params["y"][0] - params["x"] ** 2) ** 2 + (1.0 - params["x"]) ** 2


def start():
    return {"x": 0.8, "y": [np.array(0.5)]}
