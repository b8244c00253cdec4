# The package has no types of its own; it promises to be the standard library's class, only faster.
from fractions import Fraction as Fraction
