"""Old ledgers come in (ALL-7): read a file, map its columns, try every row, then take it in batch by batch, undoably."""
