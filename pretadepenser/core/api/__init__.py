"""The REST API of the kernel: authentication, authorisation, parsing, paging and errors of all endpoints."""
