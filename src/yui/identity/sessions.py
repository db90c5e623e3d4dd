"""How an account becomes Django's signed-in user: there is no password, only what the provider said."""

from django.http import HttpRequest

from yui.identity.models import Account


class AccountBackend:
    """Finds the account of a session; authentication itself is done by the provider."""

    def authenticate(self, request: HttpRequest | None, **credentials: object) -> Account | None:
        """Nobody can sign in with credentials held here."""
        return None

    def get_user(self, user_id: int) -> Account | None:
        """The account, or None when it is gone or closed, which ends its session."""
        return Account.objects.filter(pk=user_id, is_active=True).first()
