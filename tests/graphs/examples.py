"""Functions to draw: the lecture's regressions, networks, loops, and code that could break a drawing."""

import linecache

import numpy as np

import fgrad.numpy as fnp

rng = np.random.default_rng(0)
X = rng.normal(size=(20, 3))
targets = rng.normal(size=20)
labels = (targets > 0) * 1.0
series = rng.normal(size=(30, 2))
W0 = np.array([0.1, -0.2, 0.3])


def linear(w, b):
    y = X @ w + b
    return fnp.mean((y - targets) ** 2)


def logistic(w):
    y = 1 / (1 + fnp.exp(-X @ w))
    return -fnp.sum(labels * fnp.log(y) + (1 - labels) * fnp.log(1 - y))


def mlp_loss(params):
    hidden = fnp.tanh(X @ params["W"] + params["b"])
    error = hidden @ params["v"] - targets
    return fnp.mean(error**2)


PARAMS = {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=2), "v": rng.normal(size=2)}


def recurrent(W, U):
    h = fnp.zeros(2)
    for x in series:
        h = fnp.tanh(W @ h + U @ x)
    return fnp.sum(h**2)


MATRICES = rng.normal(size=(2, 2)), rng.normal(size=(2, 2))


def deep(layers, x):
    for layer in layers:
        x = fnp.tanh(layer["w"] * x)
    return fnp.sum(x)


LAYERS = [{"w": rng.normal(size=2)} for _ in range(40)]


def chain(x, length=100):
    for _ in range(length):
        x = fnp.sin(x)
    return x


def per_example(w, x, t):
    return (x @ w - t) ** 2


def halved(x):
    y = fnp.exp(x) if x > 0 else -x
    while y > 1:
        y = y / 2
    return y


#: A key of a dict with all that means something in HTML, XML, Graphviz and Mermaid.
KEY = 'a"b\n<script>alert(1)</script>\\N &amp; `x`'
HOSTILE = r"""
def größe(入力, d):
    y = np.exp(入力) * len("</pre><script>alert(2)</script> &lt; \\N \\l %%{init: {}}%% ```")
    for key in d: y = y * d[key] + len("<b>]]>" '"')
    return y
"""


def function_of(source, name, filename="<a function of the tests>"):
    """Return a function of some source code whose lines are known like those of a file."""
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    scope = {"np": fnp}
    exec(compile(source, filename, "exec"), scope)
    return scope[name]


hostile = function_of(HOSTILE, "größe")
hostile.__name__ = 'größe <i>"\\N" &amp;\n\x00\ud800'
HOSTILE_ARGS = 0.3, {KEY: 2.0, "入力の重み": 3.0, "- x": 1.0}
