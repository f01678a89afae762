"""驾驶舱 (ALL-1): the figures a leader looks at, each with its change, its reason and the list it counts."""
