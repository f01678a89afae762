"""The demo county: real division codes, invented people, and cases made by walking the acts under a moving clock.

`units` and `staff` write the organisation, `hours` knows when people work, `plan` says what becomes of each case,
`walk` turns that into acts in order of time, `engine` does them and can go on after an interruption, `around` adds what
surrounds cases: drafts, saved views, read notices. Nothing here is random beyond the seed.
"""
