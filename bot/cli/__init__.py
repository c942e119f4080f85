"""The commands of the command line, each in a module that is loaded only when it is asked for."""
