"""The calendar beyond one month of one person: the load of the team, a feed for calendar programs, invitations."""
