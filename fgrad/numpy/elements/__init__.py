"""What is done element by element, beside the ufuncs: parts of numbers, rounding, choices, predicates."""
