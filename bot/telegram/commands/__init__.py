"""What an operator can say: one declaration a command, one file a family."""
