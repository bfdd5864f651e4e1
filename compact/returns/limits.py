"""How much may be written where; shown before typing, and held by the tables."""

EVIDENCE_LIMIT = 20_000
REASON_LIMIT = 2_000
REOPENING_LIMIT = 2_000
NOTE_LIMIT = 2_000
SEND_BACK_LIMIT = 2_000
