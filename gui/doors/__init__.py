"""What stands between the network and Gradio, outermost first.

::

    addresses   only what the page needs is there; anything else is 404, whether or not it exists
    origins     other sites' pages start nothing here, nor under a borrowed name
    rates       nobody keeps the others from coming through
    sign_in     where a list or a password is asked for, nothing is there without it
    events      what a page sends is well formed and reaches its own sender's session only

Gradio promises none of this: its routes serve files and call functions for whoever asks. Who may
see what is decided in ``core.workspace``; the doors keep away what nobody of ours would send.
"""
