"""What is not to be forgotten: activities that come again by themselves, and reminders of those that are near."""
