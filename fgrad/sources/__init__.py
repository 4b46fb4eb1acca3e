"""Derivatives as code: a captured graph, simplified and written as NumPy.

``expressions``
    Texts that know how strongly they bind.
``spelling``
    How each primitive is written.
``literals``
    How constants are written.
``facts``, ``rewriting``, ``algebra``
    What was seen of the values, and what can be left out.
``writing``, ``source``
    The function's text, and the public ``fgrad.source``.
"""
