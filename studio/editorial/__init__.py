"""The editorial face: the records of a production in Wagtail's admin, each person within their productions."""
