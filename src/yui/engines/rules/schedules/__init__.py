"""Schedules: what is due at which age, in which order and after which interval (予防接種, 健診), as dated cards."""
