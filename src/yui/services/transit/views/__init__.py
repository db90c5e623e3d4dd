"""Pages of rides: for riders, at the phone, in the car, and over all cars."""
