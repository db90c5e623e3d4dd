"""ルールブック: every programme for staff, with its law, versions, conditions, cases and whom coming dates concern."""
