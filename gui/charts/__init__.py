"""A plain value in, a plotly Figure out. One style for all; nothing here knows the page."""
