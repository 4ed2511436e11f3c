"""What whoever runs the program sees of it: a page of figures for Prometheus, and lines of log.

Nobody's name, token, class or picture is among them. Both come from what ``core.notices`` tells,
from the events of the runs that are under way, and from the queue; nothing is asked for twice.
"""
