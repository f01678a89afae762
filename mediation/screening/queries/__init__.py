"""What a person sees of the rounds, by room: the rhythm as set, the lists and their filter, a unit's own desk, coverage by town."""
