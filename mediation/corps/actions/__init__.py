"""The acts on the corps, by what is written down; the only writer of its tables.

Every act runs in one transaction, reads the clock once, fetches its row through the scope, writes a line of the career where it
concerns the person's office, and a line of the access log (`writing`): an appointment is no case, so no case history holds it.

    appointments  take in, correct, renew, promote, grade, end
    consents      who is shown online, whose duties carry a position; the telephone in clear
    committees    committees, their seats, households
    lessons       training held and attended
    duty_log      the four at-leasts
    joint         what is done together with other bodies
    county_rules  the county's norms, by version
"""
