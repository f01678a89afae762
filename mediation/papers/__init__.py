"""What the papers of mediation say: plain values for templates/mediation/papers."""
