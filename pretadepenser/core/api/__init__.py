"""The REST side of the kernel: how endpoints authenticate, authorise, parse, page and report errors."""
