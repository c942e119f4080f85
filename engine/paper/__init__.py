"""An account on paper: the exchange's orders and words, filled against the live market alone."""
