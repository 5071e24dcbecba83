"""Single sign-on, checked more strictly than allauth does by itself (OpenID Connect Core 1.0, 3.1.3.7 and 5.3.2).

allauth takes an ID token that came straight from the provider without looking at its signature, sends no nonce, and
takes the person from the answer of another address without comparing. Here the signature is verified by the provider's
published keys, the nonce is that of the request, and both answers speak of the same person; else nobody gets in.
"""

from typing import Any, Final

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

#: With a pair of keys alone: a shared secret would let this site sign for the provider, and ``none`` anybody.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_REQUIRED: Final = ("iss", "sub", "aud", "exp", "iat", "nonce")
#: Seconds by which the clocks of two machines may differ.
_LEEWAY: Final = 30


def nonce_of(state: str) -> str:
    """Of one request: the state is random, bound to the browser's session and good once, so this is too."""
    return salted_hmac("gongkai.nonce", state, algorithm="sha256").hexdigest()


def verified(token: Any, *, keys: Any, issuer: str, audience: str, nonce: str) -> dict[str, Any]:
    """What an ID token says. Raises ``OAuth2Error`` unless the provider signed it for this site and this request."""
    try:
        algorithm, kid = (jwt.get_unverified_header(token).get(name) for name in ("alg", "kid"))
        fitting = [
            key
            for key in jwt.PyJWKSet.from_dict(keys).keys
            if key.public_key_use in (None, "sig") and kid in (None, key.key_id) and key.algorithm_name in ALGORITHMS
        ]
        if algorithm not in ALGORITHMS or len(fitting) != 1:
            raise OAuth2Error("not signed by a key that the provider publishes")
        claims: dict[str, Any] = jwt.decode(
            token,
            key=fitting[0],
            algorithms=list(ALGORITHMS),
            issuer=issuer,
            audience=audience,
            leeway=_LEEWAY,
            options={"require": list(_REQUIRED)},
        )
    except (jwt.PyJWTError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise OAuth2Error("not an ID token of this provider") from error
    if not constant_time_compare(str(claims["nonce"]), nonce):
        raise OAuth2Error("of another request")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else audience) != audience:
        raise OAuth2Error("given to another site")
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise OAuth2Error("of nobody")
    return claims


class Asking(OAuth2Client):  # type: ignore[misc]
    """Asks with a nonce; what a visitor wrote into the address of the log-in does not replace it."""

    def get_redirect_url(self, authorization_url: str, scope: Any, extra_params: dict[str, Any]) -> str:
        asked = {**extra_params, "nonce": nonce_of(str(self.state))}
        url: str = super().get_redirect_url(authorization_url, scope, asked)
        return url


class StrictAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """One provider, in one request."""

    client_class = Asking

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        claims = verified(
            kwargs["response"].get("id_token"),
            keys=self._published(),
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            nonce=nonce_of(request.GET.get("state", "")),
        )
        data: dict[str, Any] = {"id_token": claims}
        if "userinfo_endpoint" in self.openid_config:
            data["userinfo"] = self._fetch_user_info(token.token)
            if not isinstance(data["userinfo"], dict) or data["userinfo"].get("sub") != claims["sub"]:
                raise OAuth2Error("two answers speak of two people")
        return self.get_provider().sociallogin_from_response(request, data)

    def _published(self) -> Any:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        return answer.json()


class StrictProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """Asks as the settings say: a visitor adds no parameter, no scope, and no other process than to log in."""

    oauth2_adapter_class = StrictAdapter

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        asked: dict[str, Any] = super().get_redirect_from_request_kwargs(request)
        return asked | {"process": "login", "scope": self.get_scope(), "auth_params": self.get_auth_params()}


def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """To the provider."""
    return _through(OAuth2LoginView, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """And back."""
    return _through(OAuth2CallbackView, request, provider_id)


def _through(view: Any, request: HttpRequest, provider_id: str) -> HttpResponseBase:
    try:
        answer: HttpResponseBase = view.adapter_view(StrictAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return answer
