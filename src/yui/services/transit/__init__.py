"""地域の移動: on-demand buses and 自家用有償旅客運送, from booking to the driver's seat."""
