"""What is asked: editions of questionnaires, read from YAML into frozen values."""
