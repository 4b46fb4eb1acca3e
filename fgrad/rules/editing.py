"""What is inserted or deleted is decided by positions, which have no derivative."""

from fgrad.kinds import constant
from fgrad.numpy.moving.editing import INSERTED, KEPT

constant(INSERTED, KEPT)
