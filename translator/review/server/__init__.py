"""The review as a page that a server on this machine gives: who may ask, what is asked, what is answered.

    socket ─guard→ route ─messages→ OpenPost, Sheet, verbs ─messages→ JSON, HTML

Nothing but the posts of the session can be read or written: they have numbers, and no path ever comes from a request.
"""
