"""The allocator's habit of giving memory back, and how it is told to wait.

A gradient of large arrays allocates the same temporaries call after call.  glibc returns the top of the
heap to the system when more than a threshold of it is free, and the next call pays for each page again, a
microsecond or so: 40 percent of the time of a logistic regression on 100,000 samples.  The threshold is
twice the largest mapped block that the process has freed so far, 32 MiB at most
(``M_MMAP_THRESHOLD`` in mallopt(3), "dynamic mmap threshold").  So freeing one such block settles it, as
any program does that has once freed an array of that size.

The block is never touched, so it costs no memory; what it costs is that up to 62 MiB of freed memory stay
with the process.  Who sets ``MALLOC_TRIM_THRESHOLD_`` or ``MALLOC_MMAP_THRESHOLD_`` in the environment keeps
the thresholds that are set there.  Other allocators do not notice.

>>> keep_freed_memory()
"""

import numpy as np

_BYTES = 31 << 20


def keep_freed_memory() -> None:
    """Make the allocator keep the memory of dead temporaries for the next ones."""
    np.empty(_BYTES, np.uint8)
