"""`python -m tests.matrix`: plays the matrix and prints what came of it."""

import sys

import pytest

if __name__ == "__main__":
    sys.exit(pytest.main(["tests/matrix", *sys.argv[1:]]))
