"""Derivatives as code: a captured graph, simplified and written as NumPy.

``expressions``
    Texts that know how strongly they bind.
``words``, ``spelling``, ``idioms``
    How each primitive is written.
``literals``
    How constants are written.
``facts``, ``matching``, ``rewriting``
    What was seen of the values, what rules ask, and the passes in which they are asked.
``guards``, ``algebra``, ``products``, ``shapes``
    The rules: what can be left out, or written with less.
``origins``
    Constants, as the user's code computes them.
``lines``, ``naming``, ``statements``, ``containers``
    The user's statements, the names, what is written into arrays, and what is put into containers.
``writing``, ``files``, ``source``
    The function's text, the file that it is saved in, and the public ``fgrad.source``.
"""
