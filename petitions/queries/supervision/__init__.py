"""What is supervised, instructed, sponsored and proposed: what falls due, what a case offers, the ledger, the home page."""
