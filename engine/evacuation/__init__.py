"""Carries a panic out, for as long as something is left."""
