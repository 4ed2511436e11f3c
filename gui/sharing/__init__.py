"""What is said about a run to others: the model card, the report, the push to the Hub."""
