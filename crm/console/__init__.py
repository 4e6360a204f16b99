"""The console: pages in the browser over one workspace, for the people of the team, on this computer alone.

Verbs, rights and history are the workspace's; here are addresses, sessions, what a page shows and what a form posts.
"""
