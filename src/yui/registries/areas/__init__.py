"""Areas: prefectures, municipalities, wards and town blocks with their official codes and their history."""
