"""The figures of mediation (MED-16, MED-3): what is counted, how, and the list behind every number."""
