"""The chat: the product's face."""
