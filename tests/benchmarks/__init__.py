"""What fgrad costs, beside a gradient written by hand and beside its peers.

``python -m tests.benchmarks`` from the root of the repository runs every workload;
``python -m tests.benchmarks scalar_chain --rounds 21`` runs one.  Peers are optional:
``pip install fgrad[bench]``.

On a machine that is busy with other things, say ``OPENBLAS_NUM_THREADS=1`` before the command: BLAS
threads that wait for each other make the times of matrix products jump tenfold.  All engines
run in one process, whose heap fgrad has settled at its import (:mod:`fgrad.modes.heap`).

Each workload is one loss, written once as a function of the NumPy namespace, so that every engine runs
the same code.  All engines compute the value and the gradient, and before anything is timed they must
agree.  No test asserts a time.
"""
