"""Computational graphs to look at: values forward, adjoints back, as a table or as a drawing.

``summary``
    What is shown of a value.
``adjoints``
    The derivative of the result with respect to every value.
``view``, ``folding``
    What is drawn: marks and edges; and how many nodes become one mark.
``table``, ``dot``, ``mermaid``, ``page``
    The forms that a view is written in.
``graphviz``
    Pictures, by Graphviz where it is installed.
``graph``
    The public ``fgrad.graph``.
"""
