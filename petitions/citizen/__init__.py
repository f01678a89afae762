"""The public pages: what the person who brought a matter sees and does without an account, and how one is brought online (ALL-4).

Inside: rules (words and numbers) < person (as whom it is done) < entrance, queries < actions < forms < views < urls.
Nothing here serves a signed-in session, and nothing of a matter leaves but what `queries` lists by name.
"""
