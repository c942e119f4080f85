"""The words of trading: pure data, standard library only."""
