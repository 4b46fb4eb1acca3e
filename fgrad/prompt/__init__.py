"""What fgrad tells at the prompt.

``info``
    What a function is to fgrad: ``fgrad.info``.
``rules``
    The derivatives that are declared for a primitive, as text.
"""
