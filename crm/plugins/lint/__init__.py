"""`crm lint`: pipelines and data judged by rules; other plugins add theirs through `register_lint_rules`."""
