"""Who is asked: partnerships, organisations from the registers, areas, trusts and successors."""
