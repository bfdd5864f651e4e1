"""The partnership's desk while a round runs: opening and launching it, chasing, and who was told what."""
