"""掌上调解室 (MED-9): who mediates and has agreed to be shown, a talk with them without an account, an hour in their calendar, legal aid.

Inside: rules (words, hours) < entrance (the way in), queries < actions < forms < views < urls. Nothing here serves a
signed-in session on the public side, and nothing of a person leaves but what `queries` lists by name: never a telephone.
"""
