"""The corps (调解队伍): who mediates, where people are missing, what they learned, which duties they did."""
