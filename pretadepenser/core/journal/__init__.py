"""Reading the journal; ``core.audit.record`` writes it.

``selectors``  pages and streams of events, by keyset
``presenter``  an event as the screen shows it
``export``     the same events as CSV and as newline-delimited JSON
"""
