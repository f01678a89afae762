"""Which statutory papers a petition leaves and what goes in them (document_types), split by stage of work."""

from petitions.papers import letters
from petitions.papers.handling import acceptance, decision, guidance, refusal
from petitions.papers.letter import cited, day_words, numeral, points_of

__all__ = ["acceptance", "cited", "day_words", "decision", "guidance", "letters", "numeral", "points_of", "refusal"]
