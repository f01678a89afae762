"""The auditor's room: what looks irregular, samples anyone can draw again, working papers, questions to units, proof of history."""
