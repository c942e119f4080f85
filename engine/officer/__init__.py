"""The risk officer: what the account is worth, and what follows from that and from time."""
