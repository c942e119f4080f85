"""Brackets at work: what should guard a holding, and the guardian who sees to it."""
