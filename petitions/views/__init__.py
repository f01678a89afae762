"""The people's door: fetch in scope, call one action, answer."""
