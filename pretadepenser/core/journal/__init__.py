"""Reading the journal: who did what, when, to what. Writing is ``core.audit.record``.

``selectors``  pages and streams of events, by keyset
``presenter``  an event as the screen shows it
``export``     the same events as CSV and as newline-delimited JSON
"""
