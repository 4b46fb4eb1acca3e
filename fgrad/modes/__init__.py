"""The modes: interpreters of the same primitives, of the same shape, one file each."""
