"""Speed, as ratios taken in one run: `make bench`. Nothing here is part of the product."""
