"""支給 (payments): from what is owed to money on the payee's account, once."""
