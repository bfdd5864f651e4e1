"""The desk: reasons to look, reading a return, the review of its plan, the reply, six-month updates."""
