"""The intermediate representation: what a run of a function did, as a graph of primitives.

``graph``
    Its parts: variables, constants, nodes, and the graph itself, which can be evaluated.
``validity``
    What a graph must be.
``names``
    A name of its own for each value.
``text``
    A graph as text, with its grammar.
"""
