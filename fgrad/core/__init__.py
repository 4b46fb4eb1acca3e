"""The core: boxes, traces, primitives, containers, errors.  It knows no mode and no rule."""
