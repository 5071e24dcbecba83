"""The addresses of one's own account. allauth finds them by these names, so they stand in no namespace."""

from django.urls import path
from django.views.generic import RedirectView

from casework.desk.views import account

urlpatterns = [
    path("login/", RedirectView.as_view(pattern_name="desk:login", query_string=True), name="account_login"),
    path("code/", account.authenticate, name="mfa_authenticate"),
    path("again/", account.again_by_password, name="account_reauthenticate"),
    path("again/code/", account.again_by_code, name="mfa_reauthenticate"),
    path("again/key/", account.again_by_key, name="mfa_reauthenticate_webauthn"),
    path("second-factor/", account.second_factor, name="mfa_index"),
    path("second-factor/app/", account.activate_totp, name="mfa_activate_totp"),
    path("second-factor/app/remove/", account.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/recovery/", account.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/recovery/new/", account.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-factor/keys/", account.keys, name="mfa_list_webauthn"),
    path("second-factor/keys/add/", account.add_key, name="mfa_add_webauthn"),
    path("second-factor/keys/<int:pk>/remove/", account.remove_key, name="mfa_remove_webauthn"),
    path("second-factor/keys/<int:pk>/name/", account.rename_key, name="mfa_edit_webauthn"),
    path("sign-on/<slug:provider_id>/", account.single_sign_on, name="openid_connect_login"),
    path("sign-on/<slug:provider_id>/back/", account.single_sign_on_back, name="openid_connect_callback"),
    path("sign-on/office/cancelled/", account.no_single_sign_on, name="socialaccount_login_cancelled"),
    path("sign-on/office/error/", account.no_single_sign_on, name="socialaccount_login_error"),
    path("sign-on/office/unknown/", account.no_single_sign_on, name="socialaccount_signup"),
]
