"""Load generator and benchmark: never part of the test run, never imported by the product (issue §9)."""
