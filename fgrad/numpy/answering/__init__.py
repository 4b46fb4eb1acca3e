"""How a traced value answers Python and NumPy: operators, methods, ufuncs, ``out=``, and what it refuses."""
