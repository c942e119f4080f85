"""Speaks to Bitfinex, API v2; every layout comes from the facts sheet and recorded frames."""
