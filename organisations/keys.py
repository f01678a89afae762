"""Interface keys: what a key opens (L-SEC-9)."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import TokenAuthentication

from organisations.actions import signing_in
from organisations.rules import NotAllowed


class KeyAuthentication(TokenAuthentication):
    """A key opens no more than its owner's sign-in would: nothing before an expired or one-time password is changed."""

    def authenticate_credentials(self, key: str) -> Any:
        user, token = super().authenticate_credentials(key)
        if signing_in.must_change_password(user):
            raise NotAllowed("请先在网页上修改密码。", code="sign_in_incomplete", status=403)
        return user, token
