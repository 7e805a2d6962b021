"""Search across everything a person may see: one page for the review face and one for the editorial admin."""
